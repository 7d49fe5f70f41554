/**
 * A web application signs its authorization requests (JAR) and proves who it is with signed assertions
 * (private_key_jwt): one key pair vouches for it in the browser and behind it, and there is no secret.
 *
 * Its registration: apps/identity-server/src/clients/mvc-jar-jwt.ts
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9101.html#section-4 RFC 9101 §4}
 */
import { relyingParty, signedRequestObject } from '@basics/relying-party'
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
import { PrivateKeyJwt } from 'openid-client'

import { key } from './key.ts'

const { homePage, sessionPage, apiPage, problemPage, notFound } = webPages('mvc-jar-jwt')

const login = relyingParty({
  issuer,
  baseUrl: urls.mvcJarJwt,
  clientId: 'mvc-jar-jwt',
  clientAuthentication: PrivateKeyJwt(key),
  authorizationRequest: signedRequestObject(key),
  scope: 'openid profile scope1 offline_access',
  dataFolder: dataFolder('mvc-jar-jwt'),
  renderProblem: problemPage,
})
const tokens = manageUserTokens(login)

const app = express()
app.use(securityHeaders(urls.mvcJarJwt), assets, login.routes)

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

listen(app, urls.mvcJarJwt, { stop: login.close })
