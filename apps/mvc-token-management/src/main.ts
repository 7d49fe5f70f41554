/**
 * A web application signs a user in and calls an API on the user's behalf, with an access token that is
 * kept fresh for it: renewed before it expires and after a 401, once for however many requests, and given
 * back at sign-out.
 *
 * Its registration: apps/identity-server/src/clients/mvc-token-management.ts
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-6 RFC 6749 §6}
 */
import { relyingParty } from '@basics/relying-party'
import {
  assets,
  dataFolder,
  issuer,
  listen,
  securityHeaders,
  urls,
  webPages,
} from '@basics/sample-kit'
import { manageUserTokens } from '@basics/token-management'
import express from 'express'
import { ClientSecretBasic } from 'openid-client'

// The default is that of the registration; a real secret has no place in source code.
const { CLIENT_SECRET = 'secret' } = process.env
const { homePage, sessionPage, apiPage, problemPage, notFound } = webPages('mvc-token-management')

const login = relyingParty({
  issuer,
  baseUrl: urls.mvcTokenManagement,
  clientId: 'mvc-token-management',
  clientAuthentication: ClientSecretBasic(CLIENT_SECRET),
  scope: 'openid profile scope1 offline_access',
  dataFolder: dataFolder('mvc-token-management'),
  renderProblem: problemPage,
})
const tokens = manageUserTokens(login)

const app = express()
app.use(securityHeaders(urls.mvcTokenManagement), assets, login.routes)

app.get('/', (req, res) => {
  res.set('Cache-Control', 'no-store')
  res.send(homePage({ signedIn: login.isSignedIn(req) }))
})

// The refresh token is revoked on the way out.
app.get('/logout', login.logout)

// From here on the user is signed in: anyone else is sent to the token service first.
app.use(login.required)

app.get('/secure', (req, res) => {
  const buttons = { 'Call API': '/call-api' }
  res.send(sessionPage(login.session(req), buttons))
})

app.get('/call-api', async (req, res) => {
  const response = tokens.fetch(req, `${urls.simpleApi}/identity`, {
    signal: AbortSignal.timeout(10_000),
  })
  res.send(await apiPage(response, { 'Call API': '/call-api' }, tokens.events(req)))
})

app.use(notFound)
app.use(login.problems)

listen(app, urls.mvcTokenManagement, { stop: login.close })
