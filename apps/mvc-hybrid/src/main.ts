/**
 * Legacy: a web application signs a user in with the hybrid flow. The browser brings a code and an ID Token
 * at once, in a form that the token service's page sends, and the ID Token vouches for the code (`c_hash`).
 * The code flow with PKCE (mvc-basic) has replaced it: it binds the code as well, and shows the browser less.
 *
 * Its registration: apps/identity-server/src/clients/mvc-hybrid.ts
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#HybridFlowAuth OIDC Core §3.3}
 */
import { codeIdTokenByFormPost, createRefreshedTokens, relyingParty } from '@basics/relying-party'
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
import { ClientSecretBasic, ResponseBodyError, refreshTokenGrant } from 'openid-client'

// The default is that of the registration; a real secret has no place in source code.
const { CLIENT_SECRET = 'secret' } = process.env
const { homePage, sessionPage, apiPage, problemPage, notFound } = webPages('mvc-hybrid')
const noRefreshToken = {
  title: 'There is no refresh token',
  message:
    'You did not allow this application to go on without you. Sign in again for a new token.',
  action: { text: 'Sign out', href: '/logout' },
}

const login = relyingParty({
  issuer,
  baseUrl: urls.mvcHybrid,
  clientId: 'mvc-hybrid',
  clientAuthentication: ClientSecretBasic(CLIENT_SECRET),
  authorizationResponse: codeIdTokenByFormPost(),
  scope: 'openid profile scope1 offline_access',
  dataFolder: dataFolder('mvc-hybrid'),
  renderProblem: problemPage,
})

const app = express()
app.use(securityHeaders(urls.mvcHybrid), assets, login.routes)

app.get('/', (req, res) => {
  res.set('Cache-Control', 'no-store')
  res.send(homePage({ signedIn: login.isSignedIn(req) }))
})

app.get('/logout', login.logout)

// From here on the user is signed in: anyone else is sent to the token service first.
app.use(login.required)

app.get('/secure', (req, res) => {
  const buttons = { 'Call API': '/call-api', 'Refresh token': '/refresh-token' }
  res.send(sessionPage(login.session(req), buttons))
})

app.get('/call-api', async (req, res) => {
  const { tokens } = login.session(req)
  const response = fetch(`${urls.simpleApi}/identity`, {
    headers: { Authorization: `Bearer ${tokens.access_token}` },
    signal: AbortSignal.timeout(10_000),
  })
  res.send(await apiPage(response, { 'Refresh token': '/refresh-token' }))
})

app.get('/refresh-token', login.deliberate, async (req, res) => {
  const { id, version, tokens } = login.session(req)
  // The user need not have granted offline_access.
  if (tokens.refresh_token === undefined) {
    res.status(400).send(problemPage(noRefreshToken, { signedIn: true }))
    return
  }
  try {
    const response = await refreshTokenGrant(await login.provider(), tokens.refresh_token)
    // Nothing is replaced if another request was faster: the session has newer tokens then.
    await login.tokens.replace(id, version, createRefreshedTokens(tokens, response))
  } catch (error) {
    if (!(error instanceof ResponseBodyError && error.error === 'invalid_grant')) throw error
    // It has expired, or the user took it back: only a new sign-in brings another.
    await login.endSession(req)
  }
  res.redirect('/secure')
})

app.use(notFound)
app.use(login.problems)

listen(app, urls.mvcHybrid, { stop: login.close })
