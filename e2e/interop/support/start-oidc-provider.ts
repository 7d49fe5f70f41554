import type { TestContext } from 'node:test'

import Provider, { type ClientMetadata } from 'oidc-provider'

import { listening } from './listening.ts'

/** Two of its APIs. Those whose name begins like the first one's get JWTs, all others opaque tokens. */
export const apis = { jwt: 'urn:jwt-api', opaque: 'urn:opaque-api' } as const

/** The API's own credentials, for introspection. */
const apiClient: ClientMetadata = {
  client_id: 'resource1',
  client_secret: 'secret',
  grant_types: [],
  response_types: [],
  redirect_uris: [],
}

/** A client without users, but for how it proves who it is. */
export const machine = {
  client_id: 'machine',
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
} satisfies ClientMetadata

/**
 * A certified provider that nobody here wrote, configured as our token service is. Its pages answer
 * themselves: everyone is alice, and consents.
 *
 * @returns its issuer, and the provider itself
 */
export async function startOidcProvider(
  t: TestContext,
  clients: readonly ClientMetadata[],
): Promise<{ issuer: string; provider: Provider }> {
  const { server, url: issuer } = await listening(t)
  // It warns about its defaults, which are for development. So are we.
  t.mock.method(console, 'info', () => {})
  t.mock.method(console, 'warn', () => {})

  const provider = new Provider(issuer, {
    clients: [...clients, apiClient],
    scopes: ['openid', 'offline_access', 'scope1', 'scope2'],
    claims: { openid: ['sub'], profile: ['name', 'website'] },
    pkce: { required: () => true },
    // With its own dispatcher it calls no client on this machine.
    fetch: (url, options) => fetch(url, { ...options, dispatcher: undefined } as RequestInit),
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    features: {
      backchannelLogout: { enabled: true },
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: { enabled: true },
      requestObjects: { enabled: true },
      resourceIndicators: {
        enabled: true,
        // A user who signs in is asked about every API; each token is for one of them.
        defaultResource: ({ oidc }, _client, oneOf) =>
          oneOf ?? (oidc.params?.response_type === undefined ? [] : Object.values(apis)),
        getResourceServerInfo: (_ctx, resource) => ({
          scope: 'scope1 scope2',
          accessTokenFormat: resource.startsWith(apis.jwt) ? 'jwt' : 'opaque',
        }),
      },
      revocation: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        async logoutSource(ctx, form) {
          ctx.body = form
        },
      },
    },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: async (_ctx, sub) => ({
      accountId: sub,
      claims: async () => ({ sub, name: 'Alice Smith', website: 'http://alice.example.com' }),
    }),
  })

  const serve = provider.callback()
  server.on('request', async (req, res) => {
    if (!req.url?.startsWith('/interaction/')) return serve(req, res)
    const { prompt, params, session } = await provider.interactionDetails(req, res)
    if (prompt.name === 'login')
      return provider.interactionFinished(req, res, { login: { accountId: 'alice' } })
    const grant = new provider.Grant({
      accountId: session?.accountId ?? '',
      clientId: String(params.client_id),
    })
    grant.addOIDCScope(String(params.scope))
    for (const api of Object.values(apis)) grant.addResourceScope(api, String(params.scope))
    await provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } })
  })
  return { issuer, provider }
}
