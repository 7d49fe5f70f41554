import { errors, jwtVerify } from 'jose'

import type { Provider } from '../configuration.ts'
import { isRevoked } from '../grants/revoke-grant.ts'
import { type AccessTokenClaims, readGrantId } from './access-token.ts'
import { isRevokedJwt } from './revoked-jwt.ts'
import { findVerificationKey } from './verification-key.ts'

/**
 * Reads an access token of this issuer, a JWT or a reference.
 *
 * @returns undefined for one that is unknown, expired, revoked, forged or of another issuer.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9068.html#section-4 RFC 9068 §4}
 */
export async function readAccessToken(
  token: string,
  provider: Provider,
): Promise<AccessTokenClaims | undefined> {
  return isJwt(token) ? readJwt(token, provider) : readReference(token, provider)
}

/** A reference is base64url, which has no dot. */
export function isJwt(token: string): boolean {
  return token.includes('.')
}

async function readReference(token: string, { referenceTokens }: Provider) {
  return (await referenceTokens.get(token))?.claims
}

async function readJwt(token: string, provider: Provider): Promise<AccessTokenClaims | undefined> {
  const claims = await verify(token, provider)
  if (claims === undefined || (await isRevokedJwt(claims, provider.store))) return undefined
  const grant_id = readGrantId(claims)
  return grant_id !== undefined && (await isRevoked(grant_id, provider.store)) ? undefined : claims
}

async function verify(
  token: string,
  { issuer, keys, now }: Provider,
): Promise<AccessTokenClaims | undefined> {
  try {
    const { payload } = await jwtVerify(token, findVerificationKey(keys), {
      issuer,
      typ: 'at+jwt',
      currentDate: new Date(now()),
      requiredClaims: ['exp', 'client_id'],
    })
    // `scope` as the specification has it, whatever form this service writes it in.
    return { ...payload, scope: [payload.scope ?? []].flat().join(' ') } as AccessTokenClaims
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}
