import { measure } from './measure.ts'
import { type Operation, requiredOperation } from './operations.ts'
import { type Column, programs, type Servers, withServers } from './programs.ts'
import { atMost, number, type Row } from './row.ts'

const { memory, sqlite, 'oidc-provider': other } = programs
const grantCounts = [10_000, 100_000, 1_000_000]

/**
 * What a live grant costs in resident memory, each with a user, a session and a grant of its own;
 * oidc-provider is spared the million.
 */
export async function liveGrants(): Promise<Row[]> {
  // A user signs in for it, whose token is the one that is copied.
  const operation = requiredOperation('userinfo')
  const sizes = await withServers({ memory, sqlite, 'oidc-provider': other }, async (servers) => {
    await measure(operation, servers, 0, 1)
    // What adding takes itself is there in every figure too.
    for (const [, server] of servers) await server.ask('addGrants', 10_000)
    const before = await memoryOf(operation, servers)
    const found: Map<Column, number>[] = []
    for (const [index, count] of grantCounts.entries()) {
      const able = servers.filter(([name]) => name !== 'oidc-provider' || count <= 100_000)
      for (const [, server] of able)
        await server.ask('addGrants', count - (grantCounts[index - 1] ?? 0))
      const after = await memoryOf(operation, able)
      found.push(
        new Map([...after].map(([name, size]) => [name, (size - (before.get(name) ?? 0)) / count])),
      )
    }
    return found
  })
  return sizes.map((each, index) => ({
    section: 'process',
    title: `Memory per live grant, of ${number(grantCounts[index] ?? 0)}`,
    cells: Object.fromEntries([...each].map(([name, size]) => [name, `${number(size)} bytes`])),
    goals: [atMost('SQLite', each.get('sqlite') ?? Number.NaN, 400, 'bytes')],
    dominatedBy:
      'the record and its place among those of its user, session and grant; SQLite keeps them in its file',
  }))
}

/** After some requests, so that what they need themselves is there in every figure. */
async function memoryOf<Name extends string>(operation: Operation, servers: Servers<Name>) {
  await measure(operation, servers, 0, 2)
  const sizes = new Map<Name, number>()
  for (const [name, server] of servers) sizes.set(name, (await server.ask('memory')).after)
  return sizes
}
