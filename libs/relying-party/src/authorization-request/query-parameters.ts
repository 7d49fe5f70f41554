import { buildAuthorizationUrl } from 'openid-client'

import type { AuthorizationRequest } from './authorization-request.ts'

/**
 * The parameters as they are, in the query of the authorization endpoint. The user, and whatever sees the
 * browser's URLs, can read and change them.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest OIDC Core §3.1.2.1}
 */
export function queryParameters(): AuthorizationRequest {
  return async (parameters, provider) => buildAuthorizationUrl(provider, parameters)
}
