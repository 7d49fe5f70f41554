import { compactVerify, errors, type JWTPayload } from 'jose'

import type { Provider } from '../configuration.ts'
import { findVerificationKey } from './verification-key.ts'

export interface IdTokenHint {
  readonly sub: string
  readonly sid: string | undefined
  /** The client it was issued to. */
  readonly client_id: string
}

const maximumHint = 51_200

/**
 * Reads an ID Token that this service issued and gets back as a hint. It may have expired long ago: it
 * says whom the client knows, not that they are signed in.
 *
 * @returns undefined when it is not one.
 * @see {@link https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout RP-Initiated Logout §2}
 */
export async function readIdTokenHint(
  id_token: string,
  { issuer, keys }: Provider,
): Promise<IdTokenHint | undefined> {
  if (id_token.length > maximumHint) return undefined
  try {
    const { payload, protectedHeader } = await compactVerify(id_token, findVerificationKey(keys))
    const { iss, sub, aud, sid }: JWTPayload = JSON.parse(Buffer.from(payload).toString())
    if (protectedHeader.typ !== 'JWT' || iss !== issuer) return undefined
    if (sub === undefined || typeof aud !== 'string') return undefined
    return { sub, client_id: aud, sid: typeof sid === 'string' ? sid : undefined }
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}
