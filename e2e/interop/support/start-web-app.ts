import { mkdtempSync, rmSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { type RelyingParty, type RelyingPartyOptions, relyingParty } from '@basics/relying-party'
import { manageUserTokens, type UserTokens } from '@basics/token-management'
import express from 'express'
import type { ClientMetadata } from 'oidc-provider'

import { listening } from './listening.ts'
import { startOidcProvider } from './start-oidc-provider.ts'

export interface WebAppSetup {
  readonly options: Pick<
    RelyingPartyOptions,
    'clientAuthentication' | 'authorizationRequest' | 'authorizationResponse' | 'backChannelLogout'
  >
  /** What is special about the client's registration at the provider. */
  readonly registration: Partial<ClientMetadata>
  /** Whether the provider is told where to announce logouts. */
  readonly hearsOfLogouts?: boolean
}

/**
 * A web client of ours at oidc-provider, with the routes that the samples have. `/secure` shows the
 * session, `/token` an access token, for the API `?resource=` when there is one. Time passes for the
 * client alone, by `clock.seconds`.
 *
 * @returns its base URL, the provider, and what it had to complain about
 */
export async function startWebApp(t: TestContext, setup: WebAppSetup) {
  const { options, registration, hearsOfLogouts = false } = setup
  const { server, url } = await listening(t)
  const { issuer, provider } = await startOidcProvider(t, [
    {
      client_id: 'web',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: [`${url}/signin-oidc`],
      post_logout_redirect_uris: [`${url}/signout-callback-oidc`],
      ...(hearsOfLogouts && { backchannel_logout_uri: `${url}/backchannel-logout` }),
      ...registration,
    },
  ])
  const dataFolder = mkdtempSync(join(tmpdir(), 'interop-'))
  t.after(() => rmSync(dataFolder, { recursive: true }))
  const clock = { seconds: 0 }
  const now = () => Date.now() / 1000 + clock.seconds
  const logged: string[] = []

  const login = relyingParty({
    ...options,
    issuer,
    baseUrl: url,
    clientId: 'web',
    scope: 'openid profile scope1 offline_access',
    dataFolder,
    log: (sentence) => logged.push(sentence),
    now,
  })
  t.after(login.close)
  server.on('request', createApp(login, manageUserTokens(login, { now })))
  return { url, issuer, provider, login, clock, logged }
}

function createApp(login: RelyingParty, tokens: UserTokens): RequestListener {
  const app = express()
  app.use(login.routes)
  app.get('/', (req, res) => {
    res.json({ signedIn: login.isSignedIn(req) })
  })
  app.get('/logout', login.logout)
  app.use(login.required)
  app.get('/secure', (req, res) => {
    res.json(login.session(req))
  })
  app.get('/token', async (req, res) => {
    res.json(await tokens.get(req, req.query as { resource?: string }))
  })
  app.use(login.problems)
  return app
}
