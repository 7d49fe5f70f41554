import type { TestContext } from 'node:test'
import Provider, { type ClientMetadata } from 'oidc-provider'

import { listening } from './listening.ts'

/**
 * A provider that nobody here wrote, with the registration of a code-flow client as our own token service
 * has it. Its interaction answers itself: everyone is alice, and consents.
 *
 * @param registration What is special about the client.
 */
export async function startOidcProvider(
  t: TestContext,
  appUrl: string,
  registration: Partial<ClientMetadata> = {},
): Promise<string> {
  const { server, url } = await listening(t)
  // It warns about its defaults, which are for development. So are we.
  t.mock.method(console, 'info', () => {})
  t.mock.method(console, 'warn', () => {})

  const provider = new Provider(url, {
    clients: [
      {
        client_id: 'client',
        client_secret: 'secret',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [`${appUrl}/signin-oidc`],
        post_logout_redirect_uris: [`${appUrl}/signout-callback-oidc`],
        ...registration,
      },
    ],
    scopes: ['openid', 'offline_access', 'scope1'],
    claims: { openid: ['sub'], profile: ['name', 'website'] },
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      requestObjects: { enabled: true },
      backchannelLogout: { enabled: true },
      // Its page asks; ours would not, since the hint says who signs out.
      rpInitiatedLogout: {
        enabled: true,
        async logoutSource(ctx, form) {
          ctx.body = form
        },
      },
    },
    // Its own dispatcher would not let it call a client on this machine.
    fetch: (url, { dispatcher: _, ...options } = {}) => fetch(url, options),
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: async (_ctx, sub) => ({
      accountId: sub,
      claims: async () => ({ sub, name: 'Alice Smith', website: 'http://alice.example.com' }),
    }),
  })

  const serve = provider.callback()
  server.on('request', async (req, res) => {
    if (!req.url?.startsWith('/interaction/')) return serve(req, res)
    const { prompt, params, grantId, session } = await provider.interactionDetails(req, res)
    if (prompt.name === 'login')
      return provider.interactionFinished(req, res, { login: { accountId: 'alice' } })
    const grant =
      (grantId === undefined ? undefined : await provider.Grant.find(grantId)) ??
      new provider.Grant({
        accountId: session?.accountId ?? '',
        clientId: String(params.client_id),
      })
    grant.addOIDCScope(String(params.scope))
    await provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } })
  })
  return url
}
