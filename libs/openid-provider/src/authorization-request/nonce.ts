import { AuthorizationError, type FormParameters } from '@basics/protocol'

const maximumNonce = 300

/** @see {@link https://openid.net/specs/openid-connect-core-1_0.html#NonceNotes OIDC Core §15.5.2} */
export function readNonce({ nonce }: FormParameters): string | undefined {
  if (nonce !== undefined && nonce.length > maximumNonce)
    throw new AuthorizationError(
      'invalid_request',
      `nonce is longer than ${maximumNonce} characters`,
    )
  return nonce
}
