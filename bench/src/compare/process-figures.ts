import { measure, median, type Round } from './measure.ts'
import { type Operation, operations } from './operations.ts'
import { type Column, programs, type Servers, withServers } from './programs.ts'
import { atLeast, atMost, describeLoad, number, type Row, ratio } from './row.ts'
import { ServerProcess } from './server-process.ts'

const { memory, sqlite, 'oidc-provider': other } = programs
const tokenServices = { memory, sqlite, 'oidc-provider': other }
const mebibyte = 1024 * 1024

/** From the start of the process to its first answer. */
export async function startUp(rounds: number): Promise<Row> {
  const times = { memory: [] as number[], sqlite: [] as number[], 'oidc-provider': [] as number[] }
  for (let round = 0; round <= rounds; round++)
    for (const name of ['memory', 'sqlite', 'oidc-provider'] as const) {
      const server = await ServerProcess.start(programs[name])
      await server.stop()
      // The first brings the files into the system's cache.
      if (round > 0) times[name].push(server.startup)
    }
  const [ours, ofSqlite] = [median(times.memory), median(times.sqlite)]
  const others = median(times['oidc-provider'])
  return {
    title: 'Start-up to the first 200',
    cells: {
      memory: `${number(ours)} ms`,
      sqlite: `${number(ofSqlite)} ms`,
      'oidc-provider': `${number(others)} ms`,
    },
    goals: [
      atMost('memory', ours / others, 0.85, '×'),
      atMost('SQLite', ofSqlite / others, 0.85, '×'),
    ],
    dominatedBy: 'loading the modules',
  }
}

/** One process that may use two cores: what `crypto.subtle` signs does not keep the event loop. */
export async function bothCores(rounds: number): Promise<Row> {
  const operation = required('token-rs256')
  const [one, two] = await withServers(
    { one: memory, two: { ...memory, cores: '0,1' } },
    (servers) => measurePair(operation, servers, rounds),
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
  const operation = { ...required('token-es256'), count: 60_000 }
  const sizes = await withServers(tokenServices, async (servers) => {
    await measure(operation, servers, 0)
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

const grantCounts = [10_000, 100_000, 1_000_000]

/** What a live grant costs, in resident memory; oidc-provider is spared the million. */
export async function liveGrants(): Promise<Row[]> {
  const reference = required('reference-token')
  const sizes = await withServers(tokenServices, async (servers) => {
    const before = await memoryOf(reference, servers)
    const found: Map<Column, number>[] = []
    for (const [index, count] of grantCounts.entries()) {
      const able = servers.filter(([name]) => name !== 'oidc-provider' || count <= 100_000)
      for (const [, server] of able)
        await server.ask('addGrants', count - (grantCounts[index - 1] ?? 0))
      const after = await memoryOf(reference, able)
      found.push(
        new Map([...after].map(([name, size]) => [name, (size - (before.get(name) ?? 0)) / count])),
      )
    }
    return found
  })
  return sizes.map((each, index) => ({
    title: `Memory per live grant, of ${number(grantCounts[index] ?? 0)}`,
    cells: Object.fromEntries([...each].map(([name, size]) => [name, `${number(size)} bytes`])),
    goals: [atMost('SQLite', each.get('sqlite') ?? Number.NaN, 400, 'bytes')],
    dominatedBy: 'the record; SQLite keeps it in its file',
  }))
}

/** After some requests, so that what they need themselves is there in every figure. */
async function memoryOf<Name extends string>(operation: Operation, servers: Servers<Name>) {
  await measure(operation, servers, 1)
  const sizes = new Map<Name, number>()
  for (const [name, server] of servers) sizes.set(name, (await server.ask('memory')).after)
  return sizes
}

/** The cost of a token beside 100,000 clients, and beside 1,000,000 live grants. */
export async function flatness(rounds: number): Promise<Row[]> {
  const manyClients = { ...memory, environment: { ...memory.environment, BENCH_CLIENTS: '100000' } }
  const tokens = required('token-es256')
  const withClients = await withServers({ few: memory, many: manyClients }, (servers) =>
    measurePair(tokens, servers, rounds),
  )
  const withGrants = (operation: Operation, options: typeof memory | typeof sqlite) =>
    withServers({ few: options, many: options }, async (servers) => {
      await measure(required('reference-token'), servers, 0)
      await servers[1]?.[1].ask('addGrants', 1_000_000)
      return measurePair(operation, servers, rounds)
    })
  return [
    flatRow('ES256 token beside 100,000 clients', 'memory', withClients),
    flatRow('ES256 token beside 1,000,000 grants', 'memory', await withGrants(tokens, memory)),
    flatRow('ES256 token beside 1,000,000 grants', 'sqlite', await withGrants(tokens, sqlite)),
    flatRow(
      'Reference token beside 1,000,000 grants',
      'sqlite',
      await withGrants(required('reference-token'), sqlite),
    ),
  ]
}

function flatRow(title: string, column: Column, [few, many]: readonly [Round[], Round[]]): Row {
  const factor = ratio(few, many)
  return {
    title,
    cells: { [column]: `${factor.toFixed(2)} × the cost beside few` },
    goals: [atMost(column === 'memory' ? 'memory' : 'SQLite', factor, 1.1, '×')],
    dominatedBy: 'what is in the way of one request, not how much there is',
  }
}

async function measurePair(
  operation: Operation,
  servers: Servers,
  rounds: number,
): Promise<[Round[], Round[]]> {
  const [one = [], other = []] = (await measure(operation, servers, rounds)).values()
  return [one, other]
}

function required(name: string): Operation {
  const operation = operations[name]
  if (operation === undefined) throw new Error(`there is no operation ${name}`)
  return operation
}
