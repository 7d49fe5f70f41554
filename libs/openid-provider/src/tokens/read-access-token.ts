import { errors, type JWTPayload, jwtVerify } from 'jose'

import type { Provider } from '../configuration.ts'
import type { AccessTokenClaims } from './access-token.ts'

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
  const issued = await referenceTokens.get(token)
  if (issued === undefined) return undefined
  const { created, expires, subject, session_id, grant_id, ...claims } = issued
  return claims as AccessTokenClaims
}

async function readJwt(token: string, { issuer, keys, now }: Provider) {
  try {
    const { payload } = await jwtVerify(
      token,
      ({ kid, alg }) => {
        const key = keys.findKey(kid)
        if (key?.alg !== alg || key === undefined) throw new errors.JWKSNoMatchingKey()
        return key.publicKey
      },
      { issuer, typ: 'at+jwt', currentDate: new Date(now()), requiredClaims: ['exp', 'client_id'] },
    )
    return withScopeText(payload)
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}

/** `scope` as the specification has it, whatever form this service writes it in. */
function withScopeText(payload: JWTPayload): AccessTokenClaims {
  const scope = [payload.scope ?? []].flat().join(' ')
  return { ...payload, scope } as AccessTokenClaims
}
