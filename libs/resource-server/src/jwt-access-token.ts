import { BearerError } from '@basics/protocol'
import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose'

import { type AccessTokenValidation, readAccessTokenClaims } from './access-token-claims.ts'
import type { IssuerDocument } from './issuer-document.ts'
import { clockSkew, type Settings } from './settings.ts'
import { cachedValidation } from './validation-cache.ts'

/**
 * Asymmetric ones only: whoever can check a token must not be able to make one. And with an HMAC in the
 * list, the issuer's public key, which everyone has, would pass for a secret (RFC 8725 §2.1).
 */
const algorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]

/** What the client's developer is told, by the claim or the code of the error. */
const problems: Readonly<Record<string, string>> = {
  typ: 'the token is not an access token (its typ is not at+jwt)',
  iss: 'the token is from another issuer',
  aud: 'the token is not for this API (aud)',
  exp: 'the token has no valid expiry (exp)',
  nbf: 'the token is not valid yet (nbf)',
  [errors.JWTExpired.code]: 'the token has expired',
  [errors.JOSEAlgNotAllowed.code]: 'the token is not signed with an accepted algorithm',
  [errors.JWKSNoMatchingKey.code]: 'the token is not signed with a key of the issuer',
  [errors.JWKSMultipleMatchingKeys.code]:
    'the token does not say which key it is signed with (kid)',
  [errors.JWSSignatureVerificationFailed.code]: 'the signature of the token is wrong',
}

/**
 * Validates access tokens that are JWTs, by the issuer's keys and without asking the issuer. A signature
 * costs more than all else that a request does, so a valid token is remembered as long as the keys that it
 * was checked with are relied upon, and never past its expiry.
 *
 * @throws {BearerError} `invalid_token`, by the returned function.
 * @throws {IssuerUnavailable} by the returned function, when the keys cannot be had.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9068.html#section-4 RFC 9068 §4}
 */
export function jwtAccessTokenValidation(
  keys: IssuerDocument<JWTVerifyGetKey>,
  { issuer, audience, now }: Settings,
): AccessTokenValidation {
  const findKey = keyFinder(keys)
  const validate: AccessTokenValidation = async (token) => {
    try {
      const { payload } = await jwtVerify(token, findKey, {
        typ: 'at+jwt',
        algorithms,
        issuer,
        ...(audience !== undefined && { audience }),
        requiredClaims: ['exp'],
        currentDate: new Date(now() * 1000),
        clockTolerance: clockSkew,
      })
      return readAccessTokenClaims(payload)
    } catch (error) {
      throw asBearerError(error)
    }
  }
  const validateOnce = cachedValidation(validate, { basis: keys.current, now })
  return async (token) => {
    // No fault in it: a reference token, to be asked about at the issuer, which this API does not do.
    if (!token.includes('.')) throw new BearerError('invalid_token', 'the token is not a JWT')
    return validateOnce(token)
  }
}

/** A key made since the keys were fetched is found by fetching them again, once. */
function keyFinder(keys: IssuerDocument<JWTVerifyGetKey>): JWTVerifyGetKey {
  return async (header, token) => {
    const find = await keys.read()
    try {
      return await find(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      const findAgain = await keys.readNewer()
      return findAgain(header, token)
    }
  }
}

/** An error in the issuer's keys, unlike any other error of `jose`, is no fault of the token. */
function asBearerError(error: unknown): unknown {
  if (!(error instanceof errors.JOSEError) || error instanceof errors.JWKSInvalid) return error
  const problem = error instanceof errors.JWTClaimValidationFailed ? error.claim : error.code
  return new BearerError('invalid_token', problems[problem] ?? 'the token is malformed', {
    cause: error,
  })
}
