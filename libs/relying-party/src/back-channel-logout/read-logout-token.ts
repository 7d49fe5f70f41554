import { OAuthError, readForm } from '@basics/protocol'
import type { Request } from 'express'

/**
 * The logout token in the body of a request.
 *
 * @param unreadable What reading the body has failed with.
 * @throws {OAuthError} `invalid_request`
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRequest Back-Channel Logout §2.5}
 */
export function readLogoutToken(req: Request, unreadable: unknown): string {
  if (req.method !== 'POST')
    throw new OAuthError('invalid_request', `the method is ${req.method}; use POST`, {
      status: 405,
    })
  if (unreadable !== undefined)
    throw new OAuthError('invalid_request', 'the body is too long or cannot be read', {
      cause: unreadable,
    })
  if (typeof req.body !== 'string')
    throw new OAuthError('invalid_request', 'the body is not application/x-www-form-urlencoded')
  const { logout_token } = readForm(req.body)
  if (logout_token === undefined) throw new OAuthError('invalid_request', 'logout_token is missing')
  return logout_token
}
