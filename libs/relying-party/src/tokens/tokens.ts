import type { TokenEndpointResponse, TokenEndpointResponseHelpers } from 'openid-client'

type TokenResponse = TokenEndpointResponse & TokenEndpointResponseHelpers

/** The tokens of a refresh are not those of the user who signed in: the session cannot go on. */
export class AnotherUserError extends Error {
  override readonly name = 'AnotherUserError'
}

/** An access token as the token endpoint issued it. */
export interface IssuedAccessToken {
  readonly access_token: string
  readonly token_type: string
  /** When it was asked for, in seconds since the epoch. */
  readonly requested_at: number
  /** When it expires, in seconds since the epoch. Absent: the provider did not say. */
  readonly expires_at?: number
  /** What was granted, space-separated. Absent: exactly what was asked for. */
  readonly scope?: string
}

/** What a user's session got from the token endpoint. Plain data, so that a store can write it as JSON. */
export interface Tokens extends IssuedAccessToken {
  readonly refresh_token?: string
  /** Of the sign-in: who the user is, and the hint at sign-out. */
  readonly id_token: string
  /** Further access tokens, each for a part of what was granted, by the name of that part. */
  readonly narrowed?: Readonly<Record<string, IssuedAccessToken>>
}

/**
 * The tokens in the response to an authorization code.
 *
 * @param requestedAt When they were asked for, in seconds since the epoch.
 * @throws {TypeError} when there is no ID Token.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#TokenResponse OIDC Core §3.1.3.3}
 */
export function createTokens(response: TokenResponse, requestedAt = Date.now() / 1000): Tokens {
  const { id_token, refresh_token } = response
  if (id_token === undefined) throw new TypeError('the token response has no id_token')
  return {
    ...createAccess(response, requestedAt),
    ...(refresh_token !== undefined && { refresh_token }),
    id_token,
  }
}

/**
 * A session's tokens after a refresh. A response without a refresh token leaves the old one in force. The
 * ID Token stays that of the sign-in; when the response brings one, it must be about the same user.
 *
 * @param requestedAt When it was asked for, in seconds since the epoch.
 * @throws {AnotherUserError} when the response is about another user.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-6 RFC 6749 §6}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse OIDC Core §12.2}
 */
export function createRefreshedTokens(
  tokens: Tokens,
  response: TokenResponse,
  requestedAt = Date.now() / 1000,
): Tokens {
  requireSameUser(tokens, response)
  const { scope, id_token, narrowed } = tokens
  const refresh_token = response.refresh_token ?? tokens.refresh_token
  return {
    ...(scope !== undefined && { scope }),
    ...createAccess(response, requestedAt),
    ...(refresh_token !== undefined && { refresh_token }),
    id_token,
    ...(narrowed !== undefined && { narrowed }),
  }
}

/**
 * A session's tokens after a refresh for a part of what was granted: one more access token, beside those
 * there are. Any that have expired are dropped. The refresh token is still for all that was granted.
 *
 * @param part The name under which the token is kept.
 * @param requestedAt When it was asked for, in seconds since the epoch.
 * @param assumedLifetime Seconds that a token lives whose response did not say.
 * @throws {AnotherUserError} when the response is about another user.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-6 RFC 6749 §6}
 */
export function createNarrowedTokens(
  tokens: Tokens,
  part: string,
  response: TokenResponse,
  requestedAt: number,
  assumedLifetime: number,
): Tokens {
  requireSameUser(tokens, response)
  const alive = Object.entries(tokens.narrowed ?? {}).filter(
    ([, { requested_at, expires_at = requested_at + assumedLifetime }]) => expires_at > requestedAt,
  )
  const refresh_token = response.refresh_token ?? tokens.refresh_token
  return {
    ...tokens,
    ...(refresh_token !== undefined && { refresh_token }),
    narrowed: { ...Object.fromEntries(alive), [part]: createAccess(response, requestedAt) },
  }
}

function createAccess(response: TokenResponse, requestedAt: number): IssuedAccessToken {
  const { access_token, token_type, expires_in, scope } = response
  const requested_at = Math.floor(requestedAt)
  return {
    access_token,
    token_type,
    requested_at,
    ...(expires_in !== undefined && { expires_at: requested_at + expires_in }),
    ...(scope !== undefined && { scope }),
  }
}

function requireSameUser({ id_token }: Tokens, response: TokenResponse): void {
  const refreshed = response.claims()
  if (refreshed !== undefined && refreshed.sub !== readSubject(id_token))
    throw new AnotherUserError('the refreshed ID Token is about another user')
}

/** Validated when the user signed in, and ours since. */
function readSubject(id_token: string): unknown {
  const [, payload = ''] = id_token.split('.')
  const claims: { readonly sub?: unknown } = JSON.parse(
    Buffer.from(payload, 'base64url').toString(),
  )
  return claims.sub
}
