/**
 * Our token service. From the environment: `BENCH_STORE` (`memory` or `sqlite`) and `BENCH_CLIENTS`, how
 * many clients are registered besides those that are used.
 */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import {
  type Client,
  IdentityResources,
  inMemoryClients,
  inMemoryResources,
  jsonWebKey,
  keyFiles,
  memoryStore,
  type OpenidProvider,
  openidProvider,
  openKeyRing,
  type Store,
  sha256,
  sharedSecret,
  sqliteStore,
} from '@basics/openid-provider'

import {
  api,
  machines,
  publicHalf,
  readClientKey,
  redirect_uri,
  runFolder,
  secret,
  user,
} from '../registrations.ts'
import { serve } from './serve.ts'

const file = join(runFolder(), `store-${process.pid}.sqlite`)
const clientSecrets = [sharedSecret(sha256(secret))]
const clientKey = publicHalf(await readClientKey())

await serve(async (issuer) => {
  const store = openStore()
  const provider = openidProvider({
    issuer,
    clients: inMemoryClients([...clients(), ...otherClients(Number(process.env.BENCH_CLIENTS))]),
    resources: inMemoryResources({
      identityResources: [IdentityResources.openid, IdentityResources.profile],
      apiScopes: [...machines, 'api'].map((name) => ({ name })),
      apiResources: [
        { name: api, scopes: ['api'] },
        ...machines.map((name) => ({
          name: `${api}/${name}`,
          scopes: [name],
          apiSecrets: clientSecrets,
          allowedAccessTokenSigningAlgorithms: [name === 'rs256' ? 'RS256' : 'ES256'] as const,
        })),
      ],
    }),
    users: { findUserBySub: (sub) => (sub === user.sub ? { sub, claims: user } : undefined) },
    keys: await openKeyRing({ store: keyFiles(join(runFolder(), 'keys')) }),
    store,
  })

  return {
    // As the other's: without a web framework around it.
    listener: (req, res) => provider.routes(req, res, () => void signIn(provider, req, res)),
    addGrants: (count) => addGrants(store, count),
  }
})

/** The page where a user would sign in. */
async function signIn(
  { interaction }: OpenidProvider,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  await interaction.signIn(req, res, { sub: user.sub })
  const query = new URLSearchParams(req.url?.split('?', 2)[1])
  res.writeHead(303, { Location: query.get('returnUrl') ?? '/' }).end()
}

function openStore(): Store {
  return process.env.BENCH_STORE === 'sqlite' ? sqliteStore(file) : memoryStore()
}

function clients(): Client[] {
  const ofMachines = machines.map(
    (clientId): Client => ({
      clientId,
      clientSecrets: clientId === 'jwt' ? [jsonWebKey(clientKey)] : clientSecrets,
      allowedGrantTypes: ['client_credentials'],
      allowedScopes: [clientId],
      accessTokenType: clientId === 'reference' ? 'reference' : 'jwt',
    }),
  )
  const web: Client = {
    clientId: 'web',
    clientSecrets,
    allowedGrantTypes: ['authorization_code'],
    redirectUris: [redirect_uri],
    allowedScopes: ['openid', 'profile', 'api'],
    allowOfflineAccess: true,
  }
  return [...ofMachines, web, { ...web, clientId: 'web-reference', accessTokenType: 'reference' }]
}

function otherClients(count: number): Client[] {
  return Array.from({ length: count || 0 }, (_, index) => ({
    clientId: `other-${index}`,
    clientSecrets,
    allowedGrantTypes: ['client_credentials'],
    allowedScopes: ['es256'],
  }))
}

/** Reference tokens, as many times as asked for the one that is there. */
async function addGrants(store: Store, count: number): Promise<void> {
  if (process.env.BENCH_STORE === 'sqlite') return multiplyRows(count)
  const [token] = await store.getAll({ type: 'reference_token', client_id: 'reference' })
  if (token === undefined) throw new Error('there is no token to multiply')
  for (let index = 0; index < count; index++)
    await store.store({ ...token, key: randomBytes(32).toString('base64url') })
}

/** In one transaction of a connection of its own: issued one by one, a million take minutes. */
function multiplyRows(count: number): void {
  const database = new DatabaseSync(file, { timeout: 5_000 })
  const others = 'client_id, subject, session_id, grant_id, created, expires, data, due'
  database.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
    INSERT INTO records (type, key, ${others}) SELECT type, hex(randomblob(32)), ${others}
    FROM n, (SELECT * FROM records WHERE type = 'reference_token' LIMIT 1)`)
  database.close()
}
