import { BearerError } from '@basics/protocol'
import { type CryptoKey, errors, type JWSHeaderParameters } from 'jose'

import {
  type AccessTokenValidation,
  checkAccessTokenClaims,
  readAccessTokenClaims,
} from './access-token-claims.ts'
import { type CompactJws, decodeObject, readCompactJws } from './compact-jws.ts'
import type { IssuerDocument } from './issuer-document.ts'
import type { KeyFinder } from './issuer-keys.ts'
import { hasAcceptedAlgorithm, hasSignatureOf } from './jws-signature.ts'
import type { Settings } from './settings.ts'
import { cachedValidation } from './validation-cache.ts'

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
  keys: IssuerDocument<KeyFinder>,
  settings: Settings,
): AccessTokenValidation {
  const validate: AccessTokenValidation = async (token) => {
    const jws = readCompactJws(token)
    // No fault in it: a reference token, to be asked about at the issuer, which this API does not do.
    if (jws === undefined) throw refused('the token is not a JWT')
    checkHeader(jws.header)
    const key = await findKey(keys, jws.header)
    if (!(await hasSignatureOf(key, jws))) throw refused('the signature of the token is wrong')

    const payload = decodeObject(jws.payload)
    if (payload === undefined) throw refused('the token is malformed')
    const claims = readAccessTokenClaims(payload)
    if (claims.iss === undefined) throw refused('the token does not say who issued it (iss)')
    if (claims.exp === undefined) throw refused('the token does not say when it expires (exp)')
    checkAccessTokenClaims(claims, settings)
    return claims
  }
  return cachedValidation(validate, { basis: keys.current, now: settings.now })
}

/**
 * @throws {BearerError} `invalid_token`
 * @see {@link https://www.rfc-editor.org/rfc/rfc7515.html#section-4.1.11 RFC 7515 §4.1.11}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9068.html#section-4 RFC 9068 §4}
 */
function checkHeader(header: CompactJws['header']): void {
  const { crit, typ } = header
  if (!hasAcceptedAlgorithm(header))
    throw refused('the token is not signed with an accepted algorithm (alg)')
  // No extension is understood here, and one that is critical must not be passed over.
  if (crit !== undefined) throw refused('the token has an unknown extension (crit)')
  if (typeof typ !== 'string' || !/^(application\/)?at\+jwt$/i.test(typ))
    throw refused('the token is not an access token (its typ is not at+jwt)')
}

/**
 * A key made since the keys were fetched is found by fetching them again, once.
 *
 * @throws {BearerError} `invalid_token`, when the issuer has no such key, or several.
 */
async function findKey(
  keys: IssuerDocument<KeyFinder>,
  header: JWSHeaderParameters,
): Promise<CryptoKey> {
  try {
    const find = await keys.read()
    return await find(header).catch(async (error) => {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      const findAgain = await keys.readNewer()
      return findAgain(header)
    })
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey)
      throw refused('the token is not signed with a key of the issuer')
    if (error instanceof errors.JWKSMultipleMatchingKeys)
      throw refused('the token does not say which key it is signed with (kid)')
    throw error
  }
}

function refused(problem: string): BearerError {
  return new BearerError('invalid_token', problem)
}
