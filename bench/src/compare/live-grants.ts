import { measure } from './measure.ts'
import { type Operation, requiredOperation } from './operations.ts'
import { type Column, programs, type Servers, withServers } from './programs.ts'
import { atMost, number, type Row } from './row.ts'

const { memory, sqlite, 'oidc-provider': other } = programs
const grantCounts = [10_000, 100_000, 1_000_000]

/** Bytes: what grants take where they are kept. */
type Sizes = ReadonlyMap<Column, number>

/** What a live grant costs, each with a user, a session and a grant of its own. */
export async function liveGrants(): Promise<Row[]> {
  // A user signs in for it, whose token is the one that is copied.
  const operation = requiredOperation('userinfo')
  return withServers({ memory, sqlite, 'oidc-provider': other }, async (servers) => {
    await measure(operation, servers, 0)
    // What adding takes itself is there in every figure too.
    for (const [, server] of servers) await server.ask('addGrants', 10_000)
    const before = await measureSizes(operation, servers)
    const rows: Row[] = []
    for (const [index, count] of grantCounts.entries()) {
      for (const [, server] of servers)
        await server.ask('addGrants', count - (grantCounts[index - 1] ?? 0))
      rows.push(createGrantRow(count, before, await measureSizes(operation, servers)))
    }
    return rows
  })
}

/** @param count how many grants there are after, that were not there before */
export function createGrantRow(count: number, before: Sizes, after: Sizes): Row {
  const each = (column: Column) =>
    ((after.get(column) ?? Number.NaN) - (before.get(column) ?? Number.NaN)) / count
  return {
    section: 'process',
    title: `Memory per live grant, of ${number(count)}`,
    cells: {
      memory: `${number(each('memory'))} bytes of heap`,
      sqlite: `${number(each('sqlite'))} bytes of the process`,
      'oidc-provider': `${number(each('oidc-provider'))} bytes of heap`,
    },
    goals: [atMost('SQLite', [each('sqlite')], 400, 'bytes')],
    dominatedBy:
      'the record and its place among those of its user, session and grant; SQLite keeps them in its file',
  }
}

/**
 * After some requests, so that what they need themselves is there in every figure. In memory it is the heap after
 * garbage was collected: what V8 has reserved of the process moves by more than 10,000 grants take.
 */
async function measureSizes(operation: Operation, servers: Servers<Column>): Promise<Sizes> {
  await measure(operation, servers, 0)
  const sizes = new Map<Column, number>()
  for (const [name, server] of servers) {
    const { heap, after } = await server.ask('memory')
    sizes.set(name, name === 'sqlite' ? after : heap)
  }
  return sizes
}
