import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { startServer } from '@basics/protocol/test-support/start-server'
import express from 'express'
import { ClientSecretBasic, refreshTokenGrant } from 'openid-client'

import { relyingParty } from '../src/relying-party.ts'
import { sqliteSessions } from '../src/sessions/sqlite-sessions.ts'
import type { RelyingPartyOptions } from '../src/settings.ts'
import { createRefreshedTokens } from '../src/tokens/tokens.ts'
import { browser } from './browser.ts'

export interface StartAppOptions extends Partial<RelyingPartyOptions> {
  readonly issuer: string
  readonly trustProxy?: number
}

export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'relying-party-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

/**
 * An app with every route a web client has. `/` says whether someone is signed in; `/secure` and all below
 * it answer with the session. Time passes only by `clock.seconds`.
 */
export async function startApp(t: TestContext, { trustProxy, ...options }: StartAppOptions) {
  const clock = { seconds: 0 }
  const logged: string[] = []
  const dataFolder = options.dataFolder ?? temporaryFolder(t)
  const app = express()
  const url = await startServer(t, app)
  const now = () => Date.now() / 1000 + clock.seconds
  const storage =
    options.sessionStorage ?? sqliteSessions(join(dataFolder, 'sessions.sqlite'), { now })

  const login = relyingParty({
    baseUrl: url,
    clientId: 'client',
    clientAuthentication: ClientSecretBasic('secret'),
    scope: 'openid profile scope1 offline_access',
    log: (sentence) => logged.push(sentence),
    now,
    ...options,
    dataFolder,
    sessionStorage: storage,
  })
  t.after(login.close)

  app.set('trust proxy', trustProxy ?? false)
  app.use(login.routes)
  app.get('/', (req, res) => {
    res.json({ signedIn: login.isSignedIn(req) })
  })
  app.get('/logout', login.logout)
  app.get('/unprotected', (req, res) => {
    res.json(login.session(req))
  })
  app.use(login.required)
  app.get('/end', async (req, res) => {
    await login.endSession(req)
    res.json({ signedIn: login.isSignedIn(req) })
  })
  app.get('/refresh', login.deliberate, async (req, res) => {
    const { id, version, tokens } = login.session(req)
    const response = await refreshTokenGrant(await login.provider(), tokens.refresh_token ?? '')
    await login.tokens.replace(id, version, createRefreshedTokens(tokens, response))
    res.redirect('/secure')
  })
  app.use((req, res) => {
    res.json(login.session(req))
  })
  app.use(login.problems)
  app.use(((error, _req, res, _next) => {
    res.status(500).send(`unexpected: ${error.message}`)
  }) satisfies express.ErrorRequestHandler)

  /** Opens a page and lets the provider sign in, up to where the browser stays. */
  async function signIn(user = browser(), path = '/secure') {
    return { user, ...(await user.open(url + path)) }
  }

  /** Opens a page up to the callback, which is not called yet. */
  async function signInUpToCallback(user = browser(), path = '/secure') {
    const stopAt = ({ pathname }: URL) => pathname === '/signin-oidc'
    const { url: callback } = await user.open(url + path, { stopAt })
    return { user, callback }
  }

  return { url, serve: app, login, clock, logged, dataFolder, storage, signIn, signInUpToCallback }
}
