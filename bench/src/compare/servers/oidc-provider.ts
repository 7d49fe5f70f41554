/**
 * oidc-provider with the same registrations, and with its own defaults but for what it is told here: what clients of ours
 * get without asking for it, and where its endpoints are.
 */
import { randomBytes } from 'node:crypto'

import Provider, { type ClientMetadata, type Configuration, type JWKS } from 'oidc-provider'

import {
  api,
  machines,
  publicHalf,
  readClientKey,
  readKeys,
  redirect_uri,
  secret,
  user,
  webClients,
} from '../registrations.ts'
import { MapAdapter } from './map-adapter.ts'
import { serve } from './serve.ts'

// It warns of what a production server would have to change. This one measures.
console.info = console.warn = () => {}

const keys = (await readKeys()) as JWKS['keys']
const clientKey = publicHalf(await readClientKey())

await serve((issuer) => {
  const provider = new Provider(issuer, configuration())
  const serveProvider = provider.callback()
  return {
    listener: (req, res) => {
      if (req.url?.startsWith('/interaction/')) void interact(provider, req, res)
      else serveProvider(req, res)
    },
    addGrants: (count) => addGrants(provider, count),
  }
})

function configuration(): Configuration {
  return {
    adapter: MapAdapter,
    jwks: { keys },
    clients: clients(),
    scopes: ['openid', 'offline_access', 'reference'],
    claims: { openid: ['sub'], profile: ['name', 'website'] },
    routes: {
      authorization: '/connect/authorize',
      token: '/connect/token',
      introspection: '/connect/introspect',
      userinfo: '/connect/userinfo',
      jwks: '/.well-known/openid-configuration/jwks',
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_ctx, { clientId }) => resourceOf(clientId),
        // Ours does not ask for the API again with the code either.
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource, { clientId }) => ({
          scope: resource === api ? 'api' : (resource.split('/').at(-1) ?? ''),
          audience: resource,
          // Its own default is opaque, and of JWTs RS256.
          accessTokenFormat: 'jwt',
          ...(/es256|jwt/.test(clientId) && { jwt: { sign: { alg: 'ES256' } } }),
        }),
      },
    },
    // Its own default asks for prompt=consent as well.
    issueRefreshToken: () => true,
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => user }),
  }
}

/** Without a resource, access tokens are opaque. */
function resourceOf(clientId: string): string[] {
  if (clientId.endsWith('reference')) return []
  return [clientId.startsWith('web') ? api : `${api}/${clientId}`]
}

function clients(): ClientMetadata[] {
  const ofMachines = machines.map(
    (client_id): ClientMetadata => ({
      client_id,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      ...(client_id === 'jwt'
        ? { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [clientKey] } as JWKS }
        : { client_secret: secret }),
    }),
  )
  const ofUsers = webClients.map(
    (client_id): ClientMetadata => ({
      client_id,
      client_secret: secret,
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: [redirect_uri],
    }),
  )
  // An API is a client too, here.
  const introspecting: ClientMetadata = {
    client_id: `${api}/reference`,
    client_secret: secret,
    grant_types: [],
    redirect_uris: [],
    response_types: [],
  }
  return [...ofMachines, ...ofUsers, introspecting]
}

type Listener = Parameters<typeof Provider.prototype.interactionDetails>

/** Everyone is the one user there is, and consents. */
async function interact(provider: Provider, ...[req, res]: Listener): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(req, res)
  if (prompt.name === 'login')
    return provider.interactionFinished(req, res, { login: { accountId: user.sub } })
  const clientId = String(params.client_id)
  const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId })
  grant.addOIDCScope('openid profile offline_access')
  for (const resource of resourceOf(clientId)) grant.addResourceScope(resource, 'api')
  await provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } })
}

/** Live grants: an opaque access token each, of a user, a session and a grant of its own. */
async function addGrants(provider: Provider, count: number): Promise<void> {
  const client = await provider.Client.find('web-reference')
  if (client === undefined) throw new Error('the client is not registered')
  for (let index = 0; index < count; index++) {
    const token = new provider.AccessToken({
      client,
      accountId: createId(),
      sessionUid: createId(),
      grantId: createId(),
      gty: 'authorization_code',
      scope: 'openid profile offline_access',
    })
    await token.save()
  }
}

/** As long as those it makes itself for users, sessions and grants. */
function createId(): string {
  return randomBytes(16).toString('base64url')
}
