import { mebibyte } from '../mebibyte.ts'
import { measure, measureTwo } from './measure.ts'
import { requiredOperation } from './operations.ts'
import { programs, type Servers, withServers } from './programs.ts'
import { atLeast, atMost, describeLoad, number, type Row } from './row.ts'

const { memory, sqlite, 'oidc-provider': other } = programs
const tokenServices = { memory, sqlite, 'oidc-provider': other }

/** One process that may use two cores: what `crypto.subtle` signs does not keep the event loop. */
export async function bothCores(rounds: number): Promise<Row> {
  const operation = { ...requiredOperation('token-rs256'), sharesCore: true }
  const [one, two] = await withServers(
    { one: memory, two: { ...memory, cores: '0,1' } },
    (servers) => measureTwo(operation, servers, rounds),
  )
  const gains = two.map(({ rate }, index) => rate / (one[index]?.rate ?? Number.NaN))
  return {
    section: 'process',
    title: 'Client credentials, RS256, one core and two',
    cells: { memory: `${describeLoad(one)}; ${describeLoad(two)}` },
    goals: [atLeast('memory', gains, 1.8)],
    dominatedBy: 'the RSA signature, which the second core shares with the load generator',
  }
}

/** Resident memory after 60,000 token requests. */
export async function memoryAfterRequests(): Promise<Row> {
  const operation = { ...requiredOperation('token-es256'), warmUp: 60_000 }
  const sizes = await withServers(tokenServices, async (servers) => {
    await measure(operation, servers, 0)
    return residentSizes(servers)
  })
  const { memory: ours = 0, sqlite: ofSqlite = 0 } = Object.fromEntries(sizes)
  return {
    section: 'process',
    title: 'Memory after 60,000 token requests',
    cells: Object.fromEntries(sizes.map(([name, size]) => [name, describeSize(size)])),
    goals: [atMost('memory', [ours], 150, 'MiB'), atMost('SQLite', [ofSqlite], 150, 'MiB')],
    dominatedBy: 'the heap that V8 lets grow before it collects',
  }
}

/** What the processes hold, before garbage is collected: MiB. */
export function residentSizes<Name extends string>(
  servers: Servers<Name>,
): Promise<(readonly [Name, number])[]> {
  return Promise.all(
    servers.map(async ([name, server]) => {
      const { before } = await server.ask('memory')
      return [name, before / mebibyte] as const
    }),
  )
}

/** @param size MiB */
export function describeSize(size: number): string {
  return `${number(size)} MiB`
}
