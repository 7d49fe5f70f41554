import { Connection } from './connection.ts'
import type { Operation } from './operations.ts'
import type { Step } from './requests.ts'
import type { ServerProcess } from './server-process.ts'

const connections = 10

/** What one round of an operation took. */
export interface Round {
  /** Microseconds of processor time an operation. */
  readonly cpu: number
  /** Operations a second. */
  readonly rate: number
  /** The 99th percentile of the time to an answer, in milliseconds. */
  readonly p99: number
}

/**
 * Measures an operation on several servers in turn, round by round, after one that is not counted: what
 * the machine does meanwhile hits all of them.
 *
 * @throws {Error} for an answer that is wrong
 */
export async function measure<Name extends string>(
  operation: Operation,
  servers: readonly (readonly [Name, ServerProcess])[],
  rounds: number,
): Promise<Map<Name, Round[]>> {
  const measured = new Map(servers.map(([name]) => [name, [] as Round[]]))
  for (let round = 0; round <= rounds; round++) {
    const inTurn = round % 2 === 0 ? servers : servers.toReversed()
    for (const [name, server] of inTurn) {
      const result = await measureRound(operation, server, round === 0)
      if (round > 0) measured.get(name)?.push(result)
    }
  }
  return measured
}

/** As {@link measure}, for two servers. */
export async function measureTwo(
  operation: Operation,
  servers: readonly (readonly [string, ServerProcess])[],
  rounds: number,
): Promise<[Round[], Round[]]> {
  const [one = [], other = []] = (await measure(operation, servers, rounds)).values()
  return [one, other]
}

async function measureRound(
  operation: Operation,
  server: ServerProcess,
  isFirst: boolean,
): Promise<Round> {
  const { count } = operation
  const step = await operation.prepare(server.url, count)
  const opened = await Promise.all(
    Array.from({ length: connections }, () => Connection.open(server.url)),
  )
  const [first] = opened
  if (isFirst && first !== undefined) {
    const extra = await operation.prepare(server.url, 1)
    await operation.check(await extra(first, 0), server.url)
  }
  const before = await server.ask('cpu')
  const started = performance.now()
  const times = await run(step, opened, count)
  const seconds = (performance.now() - started) / 1_000
  const cpu = ((await server.ask('cpu')) - before) / count
  for (const connection of opened) connection.close()
  const p99 = times.toSorted()[Math.floor(count * 0.99)] ?? Number.NaN
  return { cpu, rate: count / seconds, p99 }
}

/** @returns the time that each operation took, in milliseconds */
async function run(
  step: Step,
  opened: readonly Connection[],
  count: number,
): Promise<Float64Array> {
  const times = new Float64Array(count)
  let next = 0
  await Promise.all(
    opened.map(async (connection) => {
      while (next < count) {
        const index = next++
        const started = performance.now()
        await step(connection, index)
        times[index] = performance.now() - started
      }
    }),
  )
  return times
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

/** How far the numbers lie apart, as a part of their median. */
export function spread(numbers: readonly number[]): number {
  return (Math.max(...numbers) - Math.min(...numbers)) / median(numbers)
}
