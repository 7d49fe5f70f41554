/**
 * A web application sends its authorization requests ahead to the token service (PAR), with its secret: the
 * browser carries only a reference, in which nothing can be read and nothing changed.
 *
 * Its registration: apps/identity-server/src/clients/mvc-par.ts
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9126.html#section-2 RFC 9126 §2}
 */
import { pushedAuthorizationRequest, relyingParty } from '@basics/relying-party'
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
const { homePage, sessionPage, apiPage, problemPage, notFound } = webPages('mvc-par')

const login = relyingParty({
  issuer,
  baseUrl: urls.mvcPar,
  clientId: 'mvc-par',
  clientAuthentication: ClientSecretBasic(CLIENT_SECRET),
  authorizationRequest: pushedAuthorizationRequest(),
  scope: 'openid profile scope1 offline_access',
  dataFolder: dataFolder('mvc-par'),
  renderProblem: problemPage,
})
const tokens = manageUserTokens(login)

const app = express()
app.use(securityHeaders(urls.mvcPar), assets, login.routes)

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

listen(app, urls.mvcPar, { stop: login.close })
