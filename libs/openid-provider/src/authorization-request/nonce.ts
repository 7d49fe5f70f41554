import { AuthorizationError, type FormParameters } from '@basics/protocol'

import type { ResponseType } from './response-type.ts'

const maximumNonce = 300

/**
 * Ties the ID Token to the client's session. One that comes through the browser can be put there by
 * anyone who has got hold of it, so there the nonce is required.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ImplicitAuthRequest OIDC Core §3.2.2.1}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#HybridIDToken OIDC Core §3.3.2.11}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#NonceNotes OIDC Core §15.5.2}
 */
export function readNonce(
  { nonce }: FormParameters,
  { name, returns }: ResponseType,
): string | undefined {
  if (nonce === undefined && returns.has('id_token'))
    throw new AuthorizationError(
      'invalid_request',
      `nonce is missing, which response_type ${name} needs`,
    )
  if (nonce !== undefined && nonce.length > maximumNonce)
    throw new AuthorizationError(
      'invalid_request',
      `nonce is longer than ${maximumNonce} characters`,
    )
  return nonce
}
