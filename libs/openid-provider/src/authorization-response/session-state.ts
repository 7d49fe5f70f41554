import { hash } from 'node:crypto'

import type { AuthorizationRequest } from '../authorization-request/authorization-request.ts'
import { createHandle } from '../stores/handles.ts'

/**
 * The parameter `session_state`, for requests of OpenID Connect: a salted hash of who asks, from which
 * origin, and who is signed in. A script of the client that has it can ask at `check_session_iframe`
 * whether that is still so. Other clients, and the same one at another time, get another hash.
 *
 * @param browserState what the page at `check_session_iframe` will find in this browser
 * @see {@link https://openid.net/specs/openid-connect-session-1_0.html#CreatingUpdatingSessions Session Management §2}
 * @see {@link https://openid.net/specs/openid-connect-session-1_0.html#OPiframe Session Management §3.2}
 */
export function createSessionState(
  { client, scope, target }: AuthorizationRequest,
  browserState: () => string,
): Record<string, string> {
  if (!scope.includes('openid')) return {}
  // 132 random bits: more than enough, and half the length.
  const salt = createHandle().slice(0, 22)
  const { origin } = new URL(target.redirect_uri)
  const hashed = [client.clientId, origin, browserState(), salt].join(' ')
  return { session_state: `${hash('sha256', hashed, 'base64url')}.${salt}` }
}
