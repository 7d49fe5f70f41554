import { OAuthError } from '@basics/protocol'
import { errors, type JWTPayload, jwtVerify } from 'jose'

import type { Settings } from '../settings.ts'
import type { ProviderKeys } from './provider-keys.ts'

/** What a valid logout token says. Times are in seconds since the epoch. */
export interface LogoutTokenClaims {
  readonly iss: string
  readonly aud: string | string[]
  readonly iat: number
  readonly exp: number
  readonly jti: string
  readonly events: Readonly<Record<string, unknown>>
  /** The user. Alone: all of the user's sessions end. One of `sub` and `sid` there always is. */
  readonly sub?: string
  /** The session at the provider. */
  readonly sid?: string
}

const event = 'http://schemas.openid.net/event/backchannel-logout'
/** Seconds by which our clock and the provider's may differ. */
const clockSkew = 60
/** Seconds. The specification would have two minutes; common providers take five. */
const maximumLifetime = 600

/** What the provider's developer is told, by the claim or the code of the error. */
const problems: Readonly<Record<string, string>> = {
  typ: 'the token is not a logout token (its typ is not logout+jwt)',
  iss: 'the token is from another issuer',
  aud: 'the token is not for this client (aud)',
  iat: 'the token has no valid time of issue (iat)',
  exp: 'the token has no valid expiry (exp)',
  [errors.JWTExpired.code]: 'the token has expired',
  [errors.JOSEAlgNotAllowed.code]: 'the token is not signed with an accepted algorithm',
  [errors.JWKSNoMatchingKey.code]: 'the token is not signed with a key of the issuer',
  [errors.JWKSMultipleMatchingKeys.code]:
    'the token does not say which key it is signed with (kid)',
  [errors.JWSSignatureVerificationFailed.code]: 'the signature of the token is wrong',
}

/**
 * Validates a logout token, all but that it is used once. Beyond what every provider has to do, it must be
 * typed as a logout token, which the specification recommends: then no other JWT passes for one.
 *
 * @throws {OAuthError} `invalid_request`; `temporarily_unavailable` when the provider's keys cannot be had.
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#Validation Back-Channel Logout §2.6}
 * @see {@link https://www.rfc-editor.org/rfc/rfc8725.html#section-3.11 RFC 8725 §3.11}
 */
export async function validateLogoutToken(
  logout_token: string,
  keys: ProviderKeys,
  { clientId, now }: Pick<Settings, 'clientId' | 'now'>,
): Promise<LogoutTokenClaims> {
  const { issuer, algorithms } = await keys.signer()
  try {
    const { payload } = await jwtVerify(logout_token, keys.find, {
      typ: 'logout+jwt',
      algorithms,
      issuer,
      audience: clientId,
      requiredClaims: ['iat', 'exp'],
      maxTokenAge: maximumLifetime,
      currentDate: new Date(now() * 1000),
      clockTolerance: clockSkew,
    })
    return readClaims(payload)
  } catch (error) {
    throw asOAuthError(error)
  }
}

function readClaims(payload: JWTPayload): LogoutTokenClaims {
  // The signature's owner is known by now, and the claims of its tokens have been compared.
  const { iss = '', aud = '', iat = 0, exp = 0, jti, sub, sid, events } = payload
  if (exp - iat > maximumLifetime) throw invalid(`the token lives longer than ${maximumLifetime} s`)
  if (!isText(sub) || !isText(sid)) throw invalid('sub and sid have to be texts')
  if (sub === undefined && sid === undefined) throw invalid('the token has neither sub nor sid')
  if (!isObject(events) || !isObject(events[event]))
    throw invalid('the token does not tell of a logout (events)')
  if ('nonce' in payload) throw invalid('the token has a nonce, so it is no logout token')
  if (jti === undefined || !isText(jti)) throw invalid('the token has no identifier (jti)')
  return {
    ...{ iss, aud, iat, exp, jti, events },
    ...(sub !== undefined && { sub }),
    ...(sid !== undefined && { sid }),
  }
}

/** A text that names something, if it is there. */
function isText(claim: unknown): claim is string | undefined {
  return claim === undefined || (typeof claim === 'string' && claim !== '')
}

function isObject(claim: unknown): claim is Readonly<Record<string, unknown>> {
  return typeof claim === 'object' && claim !== null && !Array.isArray(claim)
}

function asOAuthError(error: unknown): unknown {
  if (!(error instanceof errors.JOSEError)) return error
  const problem = error instanceof errors.JWTClaimValidationFailed ? error.claim : error.code
  return invalid(problems[problem] ?? 'the token is malformed')
}

function invalid(description: string): OAuthError {
  return new OAuthError('invalid_request', description)
}
