/**
 * Our token service. From the environment: `BENCH_STORE` (`memory` or `sqlite`), `BENCH_CLIENT_STORE` (the
 * same) and `BENCH_CLIENTS`, how many machines are registered besides those that every server knows.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'

import {
  type Client,
  type ClientStore,
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
  sqliteClients,
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
  webClients,
} from '../registrations.ts'
import { addGrants, addSessionTokens } from './add-tokens.ts'
import { serve } from './serve.ts'

const clientSecrets = [sharedSecret(sha256(secret))]
const clientKey = publicHalf(await readClientKey())

await serve(async (issuer) => {
  const store = openStore()
  const provider = openidProvider({
    issuer,
    clients: openClients([...clients(), ...otherClients(Number(process.env.BENCH_CLIENTS))]),
    resources: inMemoryResources({
      identityResources: [IdentityResources.openid, IdentityResources.profile],
      apiScopes: [...machines, 'api'].map((name) => ({ name })),
      apiResources: [
        { name: api, scopes: ['api'], apiSecrets: clientSecrets },
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
    addSessionTokens: (count) => addSessionTokens(store, count),
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
  return process.env.BENCH_STORE === 'sqlite' ? sqliteStore(databaseFile('store')) : memoryStore()
}

function openClients(registered: readonly Client[]): ClientStore {
  if (process.env.BENCH_CLIENT_STORE !== 'sqlite') return inMemoryClients(registered)
  const store = sqliteClients(databaseFile('clients'))
  for (const client of registered) store.add(client)
  return store
}

function databaseFile(name: string): string {
  return join(runFolder(), `${name}-${process.pid}.sqlite`)
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
  const ofUsers = webClients.map(
    (clientId): Client => ({
      clientId,
      clientSecrets,
      allowedGrantTypes: ['authorization_code'],
      redirectUris: [redirect_uri],
      allowedScopes: ['openid', 'profile', 'api'],
      allowOfflineAccess: true,
      accessTokenType: clientId === 'web-reference' ? 'reference' : 'jwt',
    }),
  )
  return [...ofMachines, ...ofUsers]
}

function otherClients(count: number): Client[] {
  return Array.from({ length: count || 0 }, (_, index) => ({
    clientId: `other-${index}`,
    clientSecrets,
    allowedGrantTypes: ['client_credentials'],
    allowedScopes: ['es256'],
  }))
}
