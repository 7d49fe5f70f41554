import { measure, measureTwo, type Round } from './measure.ts'
import { type Operation, requiredOperation } from './operations.ts'
import { type Column, programs, type Servers, withServers } from './programs.ts'
import { atMost, number, type Row, ratio } from './row.ts'

const { memory, sqlite, 'oidc-provider': other } = programs
const grantCounts = [10_000, 100_000, 1_000_000]

/** What a live grant costs, in resident memory; oidc-provider is spared the million. */
export async function liveGrants(): Promise<Row[]> {
  const reference = requiredOperation('reference-token')
  const sizes = await withServers({ memory, sqlite, 'oidc-provider': other }, async (servers) => {
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
  await measure(operation, servers, 0, 2)
  const sizes = new Map<Name, number>()
  for (const [name, server] of servers) sizes.set(name, (await server.ask('memory')).after)
  return sizes
}

/** The cost of a token beside 100,000 clients, and beside 1,000,000 live grants. */
export async function flatness(rounds: number): Promise<Row[]> {
  const manyClients = { ...memory, environment: { ...memory.environment, BENCH_CLIENTS: '100000' } }
  const tokens = requiredOperation('token-es256')
  const withClients = await withServers({ few: memory, many: manyClients }, (servers) =>
    measureTwo(tokens, servers, rounds),
  )
  const withGrants = (operation: Operation, options: typeof memory | typeof sqlite) =>
    withServers({ few: options, many: options }, async (servers) => {
      await measure(requiredOperation('reference-token'), servers, 0, 1)
      await servers[1]?.[1].ask('addGrants', 1_000_000)
      return measureTwo(operation, servers, rounds)
    })
  return [
    flatRow('ES256 token beside 100,000 clients', 'memory', withClients),
    flatRow('ES256 token beside 1,000,000 grants', 'memory', await withGrants(tokens, memory)),
    flatRow('ES256 token beside 1,000,000 grants', 'sqlite', await withGrants(tokens, sqlite)),
    flatRow(
      'Reference token beside 1,000,000 grants',
      'sqlite',
      await withGrants(requiredOperation('reference-token'), sqlite),
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
