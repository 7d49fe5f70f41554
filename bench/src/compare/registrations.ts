import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { JWK } from 'jose'

/** What every server under comparison is told: the same clients, the same user, the same keys. */
export const secret = 'secret'
export const redirect_uri = 'https://app.example/cb'
export const user = { sub: '1', name: 'Alice Smith', website: 'http://alice.example.com' }

/** Machines, by client id: each is for one kind of access token, and has the scope of that name. */
export const machines = ['rs256', 'es256', 'jwt', 'reference'] as const

/**
 * Clients of the user, by client id. Of `web` each server signs the access token as it does unless it is told otherwise,
 * of `web-es256` both with ES256, and of `web-reference` it is opaque.
 */
export const webClients = ['web', 'web-es256', 'web-reference'] as const

export type WebClient = (typeof webClients)[number]

/** What the JWTs of those clients are for. */
export const api = 'https://api.example'

/** The folder of a run: the keys of servers and client, and the databases. */
export function runFolder(): string {
  const { BENCH_FOLDER } = process.env
  if (BENCH_FOLDER === undefined) throw new Error('BENCH_FOLDER is not set: start compare.ts')
  return BENCH_FOLDER
}

/** The private keys of the servers, RS256 and ES256. */
export async function readKeys(): Promise<JWK[]> {
  return JSON.parse(await readFile(join(runFolder(), 'jwks.json'), 'utf8'))
}

/** The key that the client `jwt` signs its assertions with. */
export async function readClientKey(): Promise<JWK> {
  return JSON.parse(await readFile(join(runFolder(), 'client-key.json'), 'utf8'))
}

/** What others may know of a key. */
export function publicHalf({ kty, crv, x, y, n, e, kid, alg }: JWK): JWK {
  const key = { kty, crv, x, y, n, e, kid, alg, use: 'sig' }
  return JSON.parse(JSON.stringify(key))
}
