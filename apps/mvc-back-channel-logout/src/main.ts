/**
 * A web application that the token service signs users out of, behind the browser's back: when they sign out
 * there, it posts a logout token here, and their sessions are gone. No cookie was touched, and yet the next
 * request has to sign in again.
 *
 * Its registration: apps/identity-server/src/clients/mvc-back-channel-logout.ts
 *
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRequest Back-Channel Logout §2.5}
 */
import { backChannelLogout, type LogoutTokenClaims, relyingParty } from '@basics/relying-party'
import {
  assets,
  dataFolder,
  issuer,
  listen,
  securityHeaders,
  urls,
  webPages,
} from '@basics/sample-kit'
import express from 'express'
import { ClientSecretBasic } from 'openid-client'

// The default is that of the registration; a real secret has no place in source code.
const { CLIENT_SECRET = 'secret' } = process.env
const { homePage, sessionPage, logoutTokensPage, apiPage, problemPage, notFound } =
  webPages('mvc-back-channel-logout')
// For the page that shows them: the last ten that came to this process.
let logoutTokens: { claims: LogoutTokenClaims; arrivedAt: number }[] = []

const login = relyingParty({
  issuer,
  baseUrl: urls.mvcBackChannelLogout,
  clientId: 'mvc-back-channel-logout',
  clientAuthentication: ClientSecretBasic(CLIENT_SECRET),
  scope: 'openid profile scope1 offline_access',
  backChannelLogout: backChannelLogout({
    received(claims) {
      logoutTokens = [{ claims, arrivedAt: Date.now() / 1000 }, ...logoutTokens].slice(0, 10)
    },
  }),
  dataFolder: dataFolder('mvc-back-channel-logout'),
  renderProblem: problemPage,
})

const app = express()
app.use(securityHeaders(urls.mvcBackChannelLogout), assets, login.routes)

app.get('/', (req, res) => {
  res.set('Cache-Control', 'no-store')
  res.send(homePage({ signedIn: login.isSignedIn(req) }))
})

app.get('/logout', login.logout)

// From here on the user is signed in: anyone else is sent to the token service first.
app.use(login.required)

app.get('/secure', (req, res) => {
  const buttons = { 'Call API': '/call-api', 'Logout tokens': '/logout-tokens' }
  res.send(sessionPage(login.session(req), buttons))
})

app.get('/logout-tokens', (req, res) => {
  // Who else was signed out is nobody's business.
  const { sub } = login.session(req).claims
  res.send(logoutTokensPage(logoutTokens.filter(({ claims }) => claims.sub === sub)))
})

app.get('/call-api', async (req, res) => {
  const { tokens } = login.session(req)
  const response = fetch(`${urls.simpleApi}/identity`, {
    headers: { Authorization: `Bearer ${tokens.access_token}` },
    signal: AbortSignal.timeout(10_000),
  })
  res.send(await apiPage(response))
})

app.use(notFound)
app.use(login.problems)

listen(app, urls.mvcBackChannelLogout, { stop: login.close })
