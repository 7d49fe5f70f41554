import { join } from 'node:path'

import { measure, measureTwo, median } from './measure.ts'
import { requiredOperation } from './operations.ts'
import { programs, withServers } from './programs.ts'
import { runFolder } from './registrations.ts'
import { atLeast, atMost, describeLoad, number, type Row } from './row.ts'
import { type ServerOptions, ServerProcess } from './server-process.ts'

const { memory, sqlite, 'oidc-provider': other } = programs
const tokenServices = { memory, sqlite, 'oidc-provider': other }
const mebibyte = 1024 * 1024

/**
 * From the start of the process to its first answer. `nx serve` starts ours with Node's compile cache,
 * which oidc-provider has only if its host thinks of it; what each does with it and without stands below.
 */
export async function startUp(rounds: number): Promise<Row[]> {
  const plain = await timesToStart({}, rounds)
  const NODE_COMPILE_CACHE = join(runFolder(), 'compile-cache')
  const cached = await timesToStart({ NODE_COMPILE_CACHE }, rounds)
  const served = { ...cached, 'oidc-provider': plain['oidc-provider'] }
  const compared = (name: 'memory' | 'sqlite') => served[name] / served['oidc-provider']
  const goals = [
    atMost('memory', compared('memory'), 0.85, '×'),
    atMost('SQLite', compared('sqlite'), 0.85, '×'),
  ]
  return [
    startUpRow('Start-up to the first 200, as each is started', served, goals, 'loading modules'),
    startUpRow('The same, with NODE_COMPILE_CACHE', cached, [], 'loading modules'),
    startUpRow('The same, without', plain, [], 'stripping the types of TypeScript'),
  ]
}

function startUpRow(
  title: string,
  times: Readonly<Record<keyof typeof tokenServices, number>>,
  goals: Row['goals'],
  dominatedBy: string,
): Row {
  const cells = Object.entries(times).map(([name, time]) => [name, `${number(time)} ms`])
  return { title, cells: Object.fromEntries(cells), goals, dominatedBy }
}

/** Milliseconds, the medians of some rounds. */
async function timesToStart(environment: Readonly<Record<string, string>>, rounds: number) {
  const times = { memory: [] as number[], sqlite: [] as number[], 'oidc-provider': [] as number[] }
  for (let round = 0; round <= rounds; round++)
    for (const name of ['memory', 'sqlite', 'oidc-provider'] as const) {
      const options: ServerOptions = programs[name]
      const all = { ...options.environment, ...environment }
      const server = await ServerProcess.start({ ...options, environment: all })
      await server.stop()
      // The first brings the files into the caches.
      if (round > 0) times[name].push(server.startup)
    }
  return {
    memory: median(times.memory),
    sqlite: median(times.sqlite),
    'oidc-provider': median(times['oidc-provider']),
  }
}

/** One process that may use two cores: what `crypto.subtle` signs does not keep the event loop. */
export async function bothCores(rounds: number): Promise<Row> {
  const operation = requiredOperation('token-rs256')
  const [one, two] = await withServers(
    { one: memory, two: { ...memory, cores: '0,1' } },
    (servers) => measureTwo(operation, servers, rounds),
  )
  const gain = median(two.map(({ rate }, index) => rate / (one[index]?.rate ?? Number.NaN)))
  return {
    title: 'Client credentials, RS256, one core and two',
    cells: { memory: `${describeLoad(one)}; ${describeLoad(two)}` },
    goals: [atLeast('memory', gain, 1.8)],
    dominatedBy: 'the RSA signature, which the second core shares with the load generator',
  }
}

/** Resident memory after 60,000 token requests. */
export async function memoryAfterRequests(): Promise<Row> {
  const operation = { ...requiredOperation('token-es256'), count: 60_000 }
  const sizes = await withServers(tokenServices, async (servers) => {
    await measure(operation, servers, 0, 1)
    return Promise.all(
      servers.map(async ([name, server]) => {
        const { before } = await server.ask('memory')
        return [name, before / mebibyte] as const
      }),
    )
  })
  const { memory: ours = 0, sqlite: ofSqlite = 0 } = Object.fromEntries(sizes)
  return {
    title: 'Memory after 60,000 token requests',
    cells: Object.fromEntries(sizes.map(([name, size]) => [name, `${number(size)} MiB`])),
    goals: [atMost('memory', ours, 150, 'MiB'), atMost('SQLite', ofSqlite, 150, 'MiB')],
    dominatedBy: 'the heap that V8 lets grow before it collects',
  }
}
