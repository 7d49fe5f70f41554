/**
 * The page as it is done now: the code flow with PKCE, as a public client. The address carries a code, which
 * is worth nothing without the `code_verifier` of this tab; the tokens come from the token endpoint.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth OIDC Core §3.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636.html#section-4 RFC 7636 §4}
 */
import * as base64url from '/jose/util/base64url.js'
import {
  readAuthorizationResponse,
  validateAuthorizationResponse,
} from './authorization-response.js'
import { discover } from './discovery.js'
import { validateAccessTokenHash, validateIdToken } from './id-token.js'
import { callApi, fetchUserInfo } from './protected-resource.js'
import { createSession, SessionEnded } from './session.js'
import { monitorSession } from './session-monitor.js'
import { keepAttempt, randomValue } from './sign-in-attempt.js'
import { requestTokens, revokeRefreshToken } from './tokens.js'
import { onClick, perform, show, showSignedIn } from './view.js'

const clientId = 'spa-code'
const here = location.origin + location.pathname

/** Milliseconds that a user who signs out waits for the refresh token to be taken back. */
const patience = 3_000

/** @type {ReturnType<typeof createSession> | undefined} */
let session
let stopMonitoring = () => {}

/** @param {import('./start.js').Answer} answer */
export async function start({ query }) {
  onClick('sign-in', signIn)
  onClick('sign-out', signOut)
  onClick('userinfo', async () => {
    const { sub } = requireSession()
    show('answer', await fetchUserInfo(await readAccessToken(), sub))
  })
  onClick('call-api', async () => {
    show('answer', await callApi(await readAccessToken()))
  })
  // The browser may keep this page for its back button: then without the tokens, and nothing of the user on it.
  addEventListener('pagehide', forget)
  showSignedIn(false)
  await perform(() => completeSignIn(query))
}

async function signIn() {
  const { authorization_endpoint } = await discover()
  const state = randomValue()
  const nonce = randomValue()
  const code_verifier = randomValue()
  keepAttempt(clientId, { state, nonce, code_verifier })
  location.assign(
    `${authorization_endpoint}?${new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: here,
      scope: 'openid profile scope1 offline_access',
      state,
      nonce,
      code_challenge: await createCodeChallenge(code_verifier),
      code_challenge_method: 'S256',
    })}`,
  )
}

/** @param {string} code_verifier */
async function createCodeChallenge(code_verifier) {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(code_verifier))
  return base64url.encode(new Uint8Array(digest))
}

/** @param {string} query Of the page's address. */
async function completeSignIn(query) {
  const response = readAuthorizationResponse(query)
  if (response === undefined) return
  const { nonce, code_verifier = '' } = await validateAuthorizationResponse(response, clientId)
  const code = response.get('code') ?? ''
  const grant = { grant_type: 'authorization_code', code, redirect_uri: here, code_verifier }
  const tokens = await requestTokens(clientId, grant)
  const id_token = tokens.id_token ?? ''
  const claims = await validateIdToken(id_token, { clientId, nonce })
  if (claims.at_hash !== undefined) await validateAccessTokenHash(tokens.access_token, claims)

  showSignedIn(true)
  session = createSession(clientId, { ...tokens, id_token }, claims.sub, showAccessToken)
  show('id-token', claims)
  stopMonitoring = await monitorSession(clientId, response.get('session_state'), () =>
    perform(endedElsewhere),
  )
}

/** @param {{ expiresAt: number, renewals: number, scope: string | undefined }} accessToken */
function showAccessToken({ expiresAt, ...others }) {
  show('access-token', { expires: new Date(expiresAt).toISOString(), ...others })
}

async function readAccessToken() {
  try {
    return await requireSession().readAccessToken()
  } catch (error) {
    if (error instanceof SessionEnded && session !== undefined) void endSession()
    throw error
  }
}

async function endedElsewhere() {
  if (session !== undefined) void endSession()
  throw new Error(
    'Your sign-in at the token service has ended, or is another one now. Sign in again.',
  )
}

/** Here, and at the token service, which sends the browser back. */
async function signOut() {
  const { end_session_endpoint } = await discover()
  const { id_token: id_token_hint } = requireSession()
  await Promise.race([endSession(), new Promise((resolve) => setTimeout(resolve, patience))])
  const query = new URLSearchParams({ id_token_hint, post_logout_redirect_uri: here })
  location.assign(`${end_session_endpoint}?${query}`)
}

/** Here alone. Others that learn of the end meanwhile find no session to end. */
async function endSession() {
  const ended = requireSession()
  forget()
  const refresh_token = await ended.end()
  // If that fails it is no matter: nobody but this page had the token, and the page has forgotten it.
  if (refresh_token !== undefined) await revokeRefreshToken(clientId, refresh_token).catch(() => {})
}

function forget() {
  stopMonitoring()
  session = undefined
  showSignedIn(false)
}

function requireSession() {
  if (session === undefined) throw new Error('You are not signed in.')
  return session
}
