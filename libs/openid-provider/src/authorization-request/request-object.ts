import { AuthorizationError, type FormParameters } from '@basics/protocol'

import type { RegisteredClient } from '../model/client.ts'

/**
 * Requests by JWT or by reference are refused with the errors that exist for servers without them, and
 * so is a client that may only use them.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthError OIDC Core §3.1.2.6}
 */
export function refuseRequestObject(
  { request, request_uri, registration }: FormParameters,
  { requireRequestObject, requirePushedAuthorization }: RegisteredClient,
): void {
  if (request !== undefined)
    throw new AuthorizationError('request_not_supported', 'request is not supported')
  if (request_uri !== undefined)
    throw new AuthorizationError('request_uri_not_supported', 'request_uri is not supported')
  if (registration !== undefined)
    throw new AuthorizationError('registration_not_supported', 'registration is not supported')
  if (requireRequestObject)
    throw new AuthorizationError('invalid_request', 'the client has to sign its requests')
  if (requirePushedAuthorization)
    throw new AuthorizationError('invalid_request', 'the client has to push its requests')
}
