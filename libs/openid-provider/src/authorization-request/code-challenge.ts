import { AuthorizationError, type FormParameters } from '@basics/protocol'

import type { RegisteredClient } from '../model/client.ts'
import type { ResponseType } from './response-type.ts'

/**
 * S256 alone: with `plain`, whoever sees the request can redeem the code. Where no code is returned, a
 * challenge has no meaning, and is ignored as what is unknown would be.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636.html#section-4.3 RFC 7636 §4.3}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-2.1.1 RFC 9700 §2.1.1}
 */
export function readCodeChallenge(
  { code_challenge, code_challenge_method }: FormParameters,
  { requirePkce }: RegisteredClient,
  { returns }: ResponseType,
): string | undefined {
  if (!returns.has('code')) return undefined
  if (code_challenge === undefined) {
    if (code_challenge_method !== undefined || requirePkce)
      throw new AuthorizationError('invalid_request', 'code_challenge is missing')
    return undefined
  }
  if (code_challenge_method !== 'S256')
    throw new AuthorizationError('invalid_request', 'code_challenge_method is not S256')
  if (!/^[A-Za-z0-9_-]{43}$/.test(code_challenge))
    throw new AuthorizationError('invalid_request', 'code_challenge is no SHA-256 in base64url')
  return code_challenge
}
