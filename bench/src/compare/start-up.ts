import { join } from 'node:path'

import { median } from '../median.ts'
import { MeasuredServer, type ServerOptions } from './measured-server.ts'
import { programs } from './programs.ts'
import { runFolder } from './registrations.ts'
import { atMost, describeSpread, number, type Row } from './row.ts'

const tokenServices = ['memory', 'sqlite', 'oidc-provider'] as const

/**
 * From the start of the process to its first answer, with Node's compile cache, which keeps what V8 made
 * of the modules, and without: like against like.
 */
export async function startUp(rounds: number): Promise<Row[]> {
  const { cached, plain } = await timesToStart(rounds)
  return [
    createStartUpRow('Start-up to the first 200, compile cache on', cached, 'loading modules'),
    createStartUpRow(
      'Start-up to the first 200, compile cache off',
      plain,
      'stripping types: all of ours is TypeScript, oidc-provider is JavaScript',
    ),
  ]
}

/** Milliseconds, round by round. */
export type Times = Record<(typeof tokenServices)[number], number[]>

/** How long ours takes beside oidc-provider under the same condition. */
export function createStartUpRow(title: string, times: Times, dominatedBy: string): Row {
  const cells = Object.entries(times).map(([name, of]) => [name, describeTimes(of)])
  const shares = (ours: readonly number[]) =>
    ours.map((time, round) => time / (times['oidc-provider'][round] ?? Number.NaN))
  const goals = [
    atMost('memory', shares(times.memory), 0.85, '× of oidc-provider'),
    atMost('SQLite', shares(times.sqlite), 0.85, '× of oidc-provider'),
  ]
  return { section: 'process', title, cells: Object.fromEntries(cells), goals, dominatedBy }
}

/** With and without the cache in turn, so that what the machine does meanwhile hits both. */
async function timesToStart(rounds: number): Promise<{ cached: Times; plain: Times }> {
  const cached: Times = { memory: [], sqlite: [], 'oidc-provider': [] }
  const plain: Times = { memory: [], sqlite: [], 'oidc-provider': [] }
  const NODE_COMPILE_CACHE = join(runFolder(), 'compile-cache')
  for (let round = 0; round <= rounds; round++)
    for (const name of tokenServices) {
      const withCache = await timeToStart(programs[name], { NODE_COMPILE_CACHE })
      const without = await timeToStart(programs[name], { NODE_DISABLE_COMPILE_CACHE: '1' })
      // The first round brings the files into the caches.
      if (round === 0) continue
      cached[name].push(withCache)
      plain[name].push(without)
    }
  return { cached, plain }
}

/** @param times milliseconds */
export function describeTimes(times: readonly number[]): string {
  return `${number(median(times))} ms ${describeSpread(times)}`
}

/** @returns milliseconds from the start of the process to its first answer */
export async function timeToStart(
  options: ServerOptions,
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  const server = await MeasuredServer.start({
    ...options,
    environment: { ...options.environment, ...environment },
  })
  await server.stop()
  return server.startup
}
