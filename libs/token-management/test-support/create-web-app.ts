import { relyingParty } from '@basics/relying-party'
import express, { type Express } from 'express'
import { ClientSecretBasic } from 'openid-client'

import { manageUserTokens, type UserTokenOptions } from '../src/user/manage-user-tokens.ts'

export interface WebAppOptions {
  readonly issuer: string
  /** Where it listens. */
  readonly baseUrl: string
  /** The API that it calls. */
  readonly api: string
  readonly dataFolder: string
  /** Seconds since the epoch. */
  readonly now: () => number
  readonly tokenOptions?: UserTokenOptions
  readonly log?: (sentence: string) => void
}

/** A web client whose routes do with its user's tokens what tests ask for. */
export function createWebApp(options: WebAppOptions) {
  const { issuer, baseUrl, api, dataFolder, now, tokenOptions, log = () => {} } = options
  const login = relyingParty({
    issuer,
    baseUrl,
    clientId: 'client',
    clientAuthentication: ClientSecretBasic('secret'),
    scope: 'openid scope1 scope2 offline_access',
    dataFolder,
    now,
    timeoutSeconds: 5,
    log,
  })
  const tokens = manageUserTokens(login, {
    now,
    pauseAfter: (failures) => failures * 10,
    ...tokenOptions,
  })

  const app: Express = express()
  app.use(login.routes)
  app.get('/logout', login.logout)
  app.use(login.required)
  app.get('/session', (req, res) => {
    res.json(login.session(req))
  })
  app.get('/get', async (req, res) => {
    const token = await tokens.get(req, req.query as { scope?: string; resource?: string })
    res.json({ token, events: tokens.events(req) })
  })
  app.get('/fetch', async (req, res) => {
    const response = await tokens.fetch(req, `${api}${req.query.path ?? '/identity'}`)
    const { status } = response
    res.json({ status, body: await response.text(), events: tokens.events(req) })
  })
  app.get('/get-too-late', async (req, res) => {
    await login.tokens.take(login.session(req).id)
    res.json({ token: await tokens.get(req) })
  })
  app.get('/revoke', async (req, res) => {
    await tokens.revoke(req)
    res.json({ events: tokens.events(req) })
  })
  app.use(login.problems)
  return { app, login, tokens }
}
