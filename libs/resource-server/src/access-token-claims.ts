import { BearerError } from '@basics/protocol'

import { clockSkew, type Settings } from './settings.ts'

/** A way to validate an access token: its claims, or a {@link BearerError}. */
export type AccessTokenValidation = (token: string) => Promise<AccessTokenClaims>

/**
 * What an access token says, whichever way it says it: as the payload of a JWT or as an introspection
 * response. Times are seconds since the epoch.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9068.html#section-2.2 RFC 9068 §2.2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7662.html#section-2.2 RFC 7662 §2.2}
 */
export interface AccessTokenClaims {
  readonly iss?: string
  readonly sub?: string
  readonly client_id?: string
  readonly aud?: string | readonly string[]
  /** Separated by spaces; some issuers send an array. */
  readonly scope?: string | readonly string[]
  readonly exp?: number
  readonly nbf?: number
  readonly iat?: number
  readonly jti?: string
  readonly [claim: string]: unknown
}

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  iss: isString,
  sub: isString,
  client_id: isString,
  aud: isStringOrStrings,
  scope: isStringOrStrings,
  exp: Number.isFinite,
  nbf: Number.isFinite,
  iat: Number.isFinite,
  jti: isString,
}

/**
 * Reads the claims of a token that is known to come from the issuer.
 *
 * @throws {BearerError} `invalid_token` when a claim is not of its type, or the token is bound to a key.
 */
export function readAccessTokenClaims(
  claims: Readonly<Record<string, unknown>>,
): AccessTokenClaims {
  for (const [claim, isOfType] of Object.entries(types))
    if (claims[claim] !== undefined && !isOfType(claims[claim]))
      throw new BearerError('invalid_token', `the claim ${claim} is not of its type`)

  // Taken as a bearer token, a token bound to its client's key would serve whoever has stolen it.
  if (claims.cnf !== undefined)
    throw new BearerError('invalid_token', 'the token is bound to a key: it is not a bearer token')
  return claims
}

/**
 * Checks what a token says of its issuer, its audience and its time. What it leaves out is not wrong: of an
 * introspection response the issuer is known, and it need not tell when the token expires.
 *
 * @throws {BearerError} `invalid_token`
 * @see {@link https://www.rfc-editor.org/rfc/rfc9068.html#section-4 RFC 9068 §4}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7662.html#section-4 RFC 7662 §4}
 */
export function checkAccessTokenClaims(
  { iss, aud, exp, nbf }: AccessTokenClaims,
  { issuer, audience, now }: Settings,
): void {
  if (iss !== undefined && iss !== issuer)
    throw new BearerError('invalid_token', 'the token is from another issuer')
  if (audience !== undefined && ![aud].flat().includes(audience))
    throw new BearerError('invalid_token', 'the token is not for this API (aud)')
  if (exp !== undefined && exp + clockSkew <= now())
    throw new BearerError('invalid_token', 'the token has expired')
  if (nbf !== undefined && nbf - clockSkew > now())
    throw new BearerError('invalid_token', 'the token is not valid yet (nbf)')
}

/** The values of the `scope` claim. */
export function scopeValues({ scope = [] }: AccessTokenClaims): readonly string[] {
  return typeof scope === 'string' ? scope.split(' ').filter((value) => value !== '') : scope
}

function isString(value: unknown): boolean {
  return typeof value === 'string'
}

function isStringOrStrings(value: unknown): boolean {
  return isString(value) || (Array.isArray(value) && value.every(isString))
}
