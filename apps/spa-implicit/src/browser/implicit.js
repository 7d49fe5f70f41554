/**
 * Legacy: the implicit flow. The tokens come in the fragment of this page's address. code.js is the same
 * page as it is done now.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ImplicitFlowAuth OIDC Core §3.2}
 */
import {
  readAuthorizationResponse,
  validateAuthorizationResponse,
} from './authorization-response.js'
import { discover } from './discovery.js'
import { validateAccessTokenHash, validateIdToken } from './id-token.js'
import { callApi, fetchUserInfo } from './protected-resource.js'
import { monitorSession } from './session-monitor.js'
import { keepAttempt, randomValue } from './sign-in-attempt.js'
import { onClick, perform, show, showSignedIn } from './view.js'

const clientId = 'spa-implicit'
const here = location.origin + location.pathname

/**
 * In memory alone: it is gone when the page is.
 *
 * @type {{ id_token: string, access_token: string, sub: string } | undefined}
 */
let session
let stopMonitoring = () => {}

/** @param {import('./start.js').Answer} answer */
export async function start({ fragment }) {
  onClick('sign-in', signIn)
  onClick('sign-out', signOut)
  onClick('userinfo', async () => {
    const { access_token, sub } = requireSession()
    show('answer', await fetchUserInfo(access_token, sub))
  })
  onClick('call-api', async () => {
    show('answer', await callApi(requireSession().access_token))
  })
  // The browser may keep this page for its back button: then without the tokens, and nothing of the user on it.
  addEventListener('pagehide', forget)
  showSignedIn(false)
  await perform(() => completeSignIn(fragment))
}

async function signIn() {
  const { authorization_endpoint } = await discover()
  const state = randomValue()
  const nonce = randomValue()
  keepAttempt(clientId, { state, nonce })
  location.assign(
    `${authorization_endpoint}?${new URLSearchParams({
      client_id: clientId,
      response_type: 'id_token token',
      redirect_uri: here,
      scope: 'openid profile scope1',
      state,
      nonce,
    })}`,
  )
}

/** @param {string} fragment Of the page's address. */
async function completeSignIn(fragment) {
  const response = readAuthorizationResponse(fragment)
  if (response === undefined) return
  const { nonce } = await validateAuthorizationResponse(response, clientId)
  const id_token = response.get('id_token') ?? ''
  const access_token = response.get('access_token') ?? ''
  const claims = await validateIdToken(id_token, { clientId, nonce })
  await validateAccessTokenHash(access_token, claims)

  session = { id_token, access_token, sub: claims.sub }
  showSignedIn(true)
  show('id-token', claims)
  show('access-token', {
    token_type: response.get('token_type'),
    expires_in: response.get('expires_in'),
    scope: response.get('scope'),
  })
  stopMonitoring = await monitorSession(clientId, response.get('session_state'), () =>
    perform(endedElsewhere),
  )
}

async function endedElsewhere() {
  forget()
  throw new Error(
    'Your sign-in at the token service has ended, or is another one now. Sign in again.',
  )
}

/** Here, and at the token service, which sends the browser back. */
async function signOut() {
  const { end_session_endpoint } = await discover()
  const id_token_hint = requireSession().id_token
  forget()
  const query = new URLSearchParams({ id_token_hint, post_logout_redirect_uri: here })
  location.assign(`${end_session_endpoint}?${query}`)
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
