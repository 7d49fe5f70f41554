import { Connection } from './connection.ts'
import type { Operation } from './operations.ts'
import type { Step } from './requests.ts'
import type { ServerProcess } from './server-process.ts'

/** What has to be known of an operation to measure it. */
export type Measured = Pick<Operation, 'count' | 'prepare' | 'check'>

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

/** Until then V8 has compiled what is asked often: a server's first thousands of answers cost twice as much. */
export const roundsToWarmUp = 4

/**
 * Measures an operation on several servers in turn, round by round: what the machine does meanwhile
 * hits all of them.
 *
 * @param warmUp as many operations as in so many rounds come first, and are not counted
 * @throws {Error} for an answer that is wrong
 */
export async function measure<Name extends string>(
  operation: Measured,
  servers: readonly (readonly [Name, ServerProcess])[],
  rounds: number,
  warmUp = roundsToWarmUp,
): Promise<Map<Name, Round[]>> {
  const measured = new Map(servers.map(([name]) => [name, [] as Round[]]))
  for (const [, server] of servers) {
    await checkAnswer(operation, server)
    await measureRound({ ...operation, count: operation.count * warmUp }, server)
  }
  for (let round = 0; round < rounds; round++) {
    const inTurn = round % 2 === 0 ? servers : servers.toReversed()
    for (const [name, server] of inTurn)
      measured.get(name)?.push(await measureRound(operation, server))
  }
  return measured
}

/** As {@link measure}, for two servers. */
export async function measureTwo(
  operation: Measured,
  servers: readonly (readonly [string, ServerProcess])[],
  rounds: number,
): Promise<[Round[], Round[]]> {
  const [one = [], other = []] = (await measure(operation, servers, rounds)).values()
  return [one, other]
}

async function checkAnswer({ prepare, check }: Measured, { url }: ServerProcess): Promise<void> {
  const connection = await Connection.open(url)
  const step = await prepare(url, 1)
  await check(await step(connection, 0), url)
  connection.close()
}

async function measureRound(operation: Measured, server: ServerProcess): Promise<Round> {
  const { count } = operation
  const step = await operation.prepare(server.url, count)
  const opened = await Promise.all(
    Array.from({ length: connections }, () => Connection.open(server.url)),
  )
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

/** The one in the middle, or between the two in the middle when there are as many above as below. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const at = (place: number) => sorted[Math.floor(place)] ?? Number.NaN
  return (at((sorted.length - 1) / 2) + at(sorted.length / 2)) / 2
}

/** How far the numbers lie apart, as a part of their median. */
export function spread(numbers: readonly number[]): number {
  return (Math.max(...numbers) - Math.min(...numbers)) / median(numbers)
}
