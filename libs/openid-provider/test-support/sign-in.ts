import type { TestContext } from 'node:test'

import { createCodeChallenge } from '@basics/protocol'
import { type ErrorRequestHandler, type Request, type Response, Router } from 'express'

import type { Consent, Login } from '../src/index.ts'
import { Browser, type Landing } from './browser.ts'
import { alice, memoryUsers, userClients, userResources } from './people.ts'
import { type ProviderSetup, startProvider } from './start-provider.ts'

export const code_verifier = 'v'.repeat(43)
export const redirect_uri = 'https://app.example/cb'

/** A request of the client `web` that is in order; a test says what it changes. */
const standardRequest = {
  client_id: 'web',
  response_type: 'code',
  redirect_uri,
  scope: 'openid',
  code_challenge: createCodeChallenge(code_verifier),
  code_challenge_method: 'S256',
}

/** What a test changes about a request; undefined leaves a parameter out. */
export type Changes = Record<string, string | undefined>

/**
 * A token service with users and the least pages a host can have, and what browser and client do with
 * it. The client authenticates as the one that the request named.
 */
export async function startSignIn(t: TestContext, setup: ProviderSetup = {}) {
  const users = memoryUsers(alice, { sub: 'bob', claims: { name: 'Bob' } })
  const started = await startProvider(t, {
    clients: userClients,
    resources: userResources,
    users,
    ...setup,
  })
  const { app, provider, issuer, requestToken, request } = started
  const { interaction } = provider
  const { basePath = '' } = setup
  app.use(basePath || '/', stubPages(interaction))

  const authorizeUrl = (changes: Changes = {}) =>
    `${issuer}/connect/authorize?${withChanges(standardRequest, changes)}`

  function openBrowser() {
    const browser = new Browser(new URL(issuer).origin)
    return {
      browser,
      /** Sends the browser to the authorization endpoint. */
      authorize: (changes: Changes = {}) => browser.open(authorizeUrl(changes)),
      /** Answers the login page that the browser is on. */
      logIn: (page: Landing, login: Login = { sub: 'alice' }) =>
        browser.open(`${basePath}/account/login`, json({ ...page.parameters, login })),
      cancel: (page: Landing) => browser.open(`${basePath}/cancel`, json(page.parameters)),
      consent: (page: Landing, consent: Partial<Consent>) =>
        browser.open(
          `${basePath}/consent`,
          json({ ...page.parameters, consent: { remember: false, ...consent } }),
        ),
      /** Ends at the page that confirms it, with what the engine tells that page. */
      logOut: (logoutId?: string) => browser.open(`${basePath}/account/logout`, json({ logoutId })),
      grants: async () => JSON.parse((await browser.open(`${basePath}/grants`)).body),
      revokeGrants: (clientId: string) => browser.open(`${basePath}/grants`, json({ clientId })),
      sessions: async () => JSON.parse((await browser.open(`${basePath}/sessions`)).body),
      endSession: (sid: string) => browser.open(`${basePath}/sessions`, json({ sid })),
      signOutEverywhere: () => browser.open(`${basePath}/sessions`, json({})),
    }
  }

  /** Takes a new browser through a whole sign-in. */
  async function signIn(changes: Changes = {}, login: Login = { sub: 'alice' }) {
    const opened = openBrowser()
    const landing = await opened.logIn(await opened.authorize(changes), login)
    return { ...opened, landing, code: landing.parameters.code ?? '' }
  }

  const redeem = (code: string, changes: Changes = {}, client_id = 'web') =>
    requestToken(
      withChanges({ grant_type: 'authorization_code', code, redirect_uri, code_verifier }, changes),
      { client_id },
    )

  /** The tokens of a whole sign-in. */
  async function signInForTokens(changes: Changes = {}, login?: Login) {
    const { code, ...opened } = await signIn(changes, login)
    const response = await redeem(code, {}, changes.client_id)
    return { ...opened, code, tokens: await response.json() }
  }

  return {
    ...started,
    users,
    authorizeUrl,
    openBrowser,
    signIn,
    redeem,
    signInForTokens,
    refresh: (refresh_token: string, changes: Changes = {}, client_id = 'web') =>
      requestToken(withChanges({ grant_type: 'refresh_token', refresh_token }, changes), {
        client_id,
      }),
    userinfo: (access_token: string) =>
      request('/connect/userinfo', { headers: { authorization: `Bearer ${access_token}` } }),
  }
}

function withChanges(parameters: Record<string, string>, changes: Changes): URLSearchParams {
  const all = new URLSearchParams(parameters)
  for (const [name, value] of Object.entries(changes))
    if (value === undefined) all.delete(name)
    else all.set(name, value)
  return all
}

function json(body: object): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}

type Interaction = Awaited<ReturnType<typeof startProvider>>['provider']['interaction']

/** Pages that show what the engine tells them, and do what they are told by JSON. */
function stubPages(interaction: Interaction): Router {
  const pages = Router()
  const show = (path: string, read: (req: Request, query: Record<string, string>) => unknown) =>
    pages.get(path, async (req, res) => {
      res.json((await read(req, req.query as Record<string, string>)) ?? null)
    })
  const act = (path: string, action: (req: Request, res: Response) => Promise<unknown>) =>
    pages.post(path, async (req, res) => {
      req.body = await readJson(req)
      await action(req, res)
      const { returnUrl } = req.body
      if (res.headersSent) return
      if (returnUrl === undefined) res.json('done')
      else res.redirect(303, returnUrl)
    })

  show('/account/login', (_req, { returnUrl }) => interaction.getAuthorizationContext(returnUrl))
  show('/consent', (_req, { returnUrl }) => interaction.getAuthorizationContext(returnUrl))
  show('/account/logout', (req, { logoutId }) => interaction.getLogoutContext(req, logoutId))
  show('/account/logged-out', (req, { logoutId }) => interaction.getLogoutContext(req, logoutId))
  show('/error', (_req, { errorId }) => interaction.getErrorContext(errorId))
  show('/grants', (req) => interaction.getGrants(req))
  show('/sessions', (req) => interaction.getSessions(req))
  show('/session', (req) => interaction.getSession(req))

  act('/account/login', (req, res) => interaction.signIn(req, res, req.body.login))
  act('/cancel', (req) => interaction.denyAuthorization(req.body.returnUrl))
  act('/consent', (req) => interaction.grantConsent(req, req.body.returnUrl, req.body.consent))
  act('/account/logout', async (req, res) => {
    const logoutId = (await interaction.signOut(req, res, req.body.logoutId)) ?? ''
    res.redirect(303, `${req.baseUrl}/account/logged-out?${new URLSearchParams({ logoutId })}`)
  })
  act('/grants', (req) => interaction.revokeGrants(req, req.body.clientId))
  act('/sessions', async (req, res) => {
    if (req.body.sid === undefined) await interaction.signOutEverywhere(req, res)
    else await interaction.endSession(req, req.body.sid)
  })
  pages.use(((_error, _req, res, _next) => {
    res.status(500).json('failed')
  }) satisfies ErrorRequestHandler)
  return pages
}

async function readJson(req: Request) {
  let text = ''
  for await (const chunk of req) text += chunk
  return JSON.parse(text)
}
