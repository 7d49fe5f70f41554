import { median } from '../median.ts'
import { checkAnswers } from './check-answers.ts'
import { type Answer, Connection } from './connection.ts'
import { isPinned, type MeasuredServer } from './measured-server.ts'
import type { Operation } from './operations.ts'
import type { Step } from './requests.ts'

/** What has to be known of an operation to measure it. */
export type Measured = Pick<Operation, 'count' | 'warmUp' | 'prepare' | 'check' | 'issued'> & {
  /** True where the server may use the core of the load: the load then sleeps while it waits. */
  readonly sharesCore?: boolean
}

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

/** By then V8 has compiled what is asked often: a server's first thousands of answers cost twice as much. */
export const usualWarmUp = 20_000

/**
 * Measures an operation on several servers in turn, round by round: what the machine does meanwhile
 * hits all of them. Some answers of each round are checked, and of all that nothing is issued twice.
 *
 * @param rounds to count, after those operations that warm the servers up
 * @throws {Error} for an answer that is wrong, or none, with the name of the server
 */
export async function measure<Name extends string>(
  operation: Measured,
  servers: readonly (readonly [Name, MeasuredServer])[],
  rounds: number,
): Promise<Map<Name, Round[]>> {
  const { warmUp = usualWarmUp } = operation
  const measured = servers.map(([name, server]) => {
    const check = checkAnswers(operation, server.url)
    const measureRound = (count: number) =>
      server.during(measureOperations({ ...operation, count }, server, check))
    return { name, measureRound, rounds: [] as Round[] }
  })
  for (const { measureRound } of measured) {
    await measureRound(1)
    await measureRound(warmUp)
  }
  for (let round = 0; round < rounds; round++)
    for (const each of round % 2 === 0 ? measured : measured.toReversed())
      each.rounds.push(await each.measureRound(operation.count))
  return new Map(measured.map((each) => [each.name, each.rounds]))
}

/** As {@link measure}, for two servers. */
export async function measureTwo(
  operation: Measured,
  servers: readonly (readonly [string, MeasuredServer])[],
  rounds: number,
): Promise<[Round[], Round[]]> {
  const [one = [], other = []] = (await measure(operation, servers, rounds)).values()
  return [one, other]
}

async function measureOperations(
  { prepare, count, sharesCore = false }: Measured,
  server: MeasuredServer,
  check: (answers: readonly Answer[]) => Promise<void>,
): Promise<Round> {
  const step = await prepare(server.url, count)
  const opened = await Promise.all(
    Array.from({ length: connections }, () => Connection.open(server.url)),
  )
  const before = await server.ask('cpu')
  const fallAsleep = isPinned && !sharesCore ? stayAwake() : () => {}
  const started = performance.now()
  const { times, answers } = await run(step, opened, count).finally(fallAsleep)
  const seconds = (performance.now() - started) / 1_000
  const cpu = ((await server.ask('cpu')) - before) / count
  for (const connection of opened) connection.close()
  await check(answers)
  const p99 = times.toSorted()[Math.floor(count * 0.99)] ?? Number.NaN
  return { cpu, rate: count / seconds, p99 }
}

/**
 * Keeps this process awake while it waits for answers. A server would have to wake it up, on another core, and on a
 * virtual machine that can take as long as all else that it does: none that answers another machine has to.
 *
 * @returns what ends it
 */
function stayAwake(): () => void {
  let turn = setImmediate(function again() {
    turn = setImmediate(again)
  })
  return () => clearImmediate(turn)
}

/** @returns the time that each operation took, in milliseconds, and its last answer */
async function run(
  step: Step,
  opened: readonly Connection[],
  count: number,
): Promise<{ times: Float64Array; answers: Answer[] }> {
  const times = new Float64Array(count)
  const answers: Answer[] = []
  let next = 0
  await Promise.all(
    opened.map(async (connection) => {
      while (next < count) {
        const index = next++
        const started = performance.now()
        const answer = await step(connection, index)
        times[index] = performance.now() - started
        answers.push(answer)
      }
    }),
  )
  return { times, answers }
}

/** How far the numbers lie apart, as a part of their median. */
export function spread(numbers: readonly number[]): number {
  return (Math.max(...numbers) - Math.min(...numbers)) / median(numbers)
}
