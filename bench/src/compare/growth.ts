import { expect } from './checks.ts'
import { createGrowthRows, type Growing, measureAll, type PairOfServers } from './growth-rows.ts'
import { measure } from './measure.ts'
import { requiredOperation } from './operations.ts'
import { programs, withServers } from './programs.ts'
import { tokenRequest } from './requests.ts'
import type { Row } from './row.ts'
import { sessionOperations } from './session-operations.ts'
import { checkMachineToken } from './token-checks.ts'

const tokens = requiredOperation('token-es256')

/** A token for each of ten clients in turn, and for each of 100,000. */
export async function besideClients(rounds: number): Promise<Row[]> {
  const operation = {
    ...tokens,
    title: `${tokens.title}; 10 clients in turn → 100,000`,
    dominatedBy:
      'the request; with SQLite, which has only the clients here and leaves the records in memory, also reading a registration, parsing and checking it: the store keeps those that asked last, of which none is the one whose turn it is',
    // Five rounds are a turn for each.
    count: 20_000,
    check: checkMachineToken('ES256', 'es256', (id) => /^other-\d+$/.test(String(id))),
  }
  return createGrowthRows([operation], (BENCH_CLIENT_STORE) => {
    const options = (BENCH_CLIENTS: string) => ({
      ...programs.memory,
      environment: { ...programs.memory.environment, BENCH_CLIENT_STORE, BENCH_CLIENTS },
    })
    return withServers({ few: options('10'), many: options('100000') }, (servers) =>
      measureAll([{ ...operation, prepare: clientsInTurn(servers) }], servers, rounds),
    )
  })
}

/** A round goes on where the one before has ended. */
function clientsInTurn(servers: PairOfServers): Growing['prepare'] {
  const turns = new Map(
    servers.map(([name, { url }]) => [url, requestsInTurn(name === 'few' ? 10 : 100_000)]),
  )
  return async (issuer) => (connection) =>
    connection.send(turns.get(issuer)?.next().value ?? Buffer.alloc(0))
}

function* requestsInTurn(clients: number): Generator<Buffer, never> {
  const requests = Array.from({ length: clients }, (_, index) =>
    tokenRequest(`other-${index}`, 'es256'),
  )
  for (;;) yield* requests
}

/** Tokens beside a million live grants, each of a user, a session and a grant of its own. */
export async function besideGrants(rounds: number): Promise<Row[]> {
  const operations = [tokens, requiredOperation('reference-token')].map((operation) => ({
    ...operation,
    title: `${operation.title}; no other grants → 1,000,000`,
    dominatedBy: 'the request; in memory, also what V8 looks through to collect garbage',
  }))
  return createGrowthRows(operations, (store) =>
    withServers({ few: programs[store], many: programs[store] }, async (servers) => {
      // A user signs in for it, whose token is the one that is copied.
      await measure(requiredOperation('userinfo'), servers, 0)
      await addToMany(servers, 'addGrants', 1_000_000)
      return measureAll(operations, servers, rounds)
    }),
  )
}

/** What a user's own requests cost when their session and grant have 100,000 tokens already. */
export async function besideSessionTokens(rounds: number): Promise<Row[]> {
  const { operations, openSession } = sessionOperations()
  return createGrowthRows(operations, (store) =>
    withServers({ few: programs[store], many: programs[store] }, async (servers) => {
      for (const [, { url }] of servers) await openSession(url)
      await addToMany(servers, 'addSessionTokens', 100_000)
      return measureAll(operations, servers, rounds)
    }),
  )
}

async function addToMany(
  servers: PairOfServers,
  what: 'addGrants' | 'addSessionTokens',
  count: number,
): Promise<void> {
  const many = servers.find(([name]) => name === 'many')?.[1]
  expect((await many?.ask(what, count)) === true, `the server did not ${what}`)
}
