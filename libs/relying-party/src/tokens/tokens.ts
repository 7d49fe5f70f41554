import type { TokenEndpointResponse, TokenEndpointResponseHelpers } from 'openid-client'

type TokenResponse = TokenEndpointResponse & TokenEndpointResponseHelpers

/** What a user's session got from the token endpoint. Plain data, so that a store can write it as JSON. */
export interface Tokens {
  readonly access_token: string
  readonly token_type: string
  /** When the access token expires, in seconds since the epoch. Absent: the provider did not say. */
  readonly expires_at?: number
  /** What was granted, space-separated. Absent: exactly what was asked for. */
  readonly scope?: string
  readonly refresh_token?: string
  /** Of the sign-in: who the user is, and the hint at sign-out. */
  readonly id_token: string
}

/**
 * The tokens in the response to an authorization code.
 *
 * @param now Seconds since the epoch.
 * @throws {TypeError} when there is no ID Token.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#TokenResponse OIDC Core §3.1.3.3}
 */
export function createTokens(response: TokenResponse, now = Date.now() / 1000): Tokens {
  const { id_token, refresh_token } = response
  if (id_token === undefined) throw new TypeError('the token response has no id_token')
  return {
    ...createAccess(response, now),
    ...(refresh_token !== undefined && { refresh_token }),
    id_token,
  }
}

/**
 * A session's tokens after a refresh. A response without a refresh token leaves the old one in force. The
 * ID Token stays that of the sign-in; when the response brings one, it must be about the same user.
 *
 * @param now Seconds since the epoch.
 * @throws {TypeError} when the response is about another user.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-6 RFC 6749 §6}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse OIDC Core §12.2}
 */
export function createRefreshedTokens(
  tokens: Tokens,
  response: TokenResponse,
  now = Date.now() / 1000,
): Tokens {
  const refreshed = response.claims()
  if (refreshed !== undefined && refreshed.sub !== readSubject(tokens.id_token))
    throw new TypeError('the refreshed ID Token is about another user')

  const { scope, id_token } = tokens
  const refresh_token = response.refresh_token ?? tokens.refresh_token
  return {
    ...(scope !== undefined && { scope }),
    ...createAccess(response, now),
    ...(refresh_token !== undefined && { refresh_token }),
    id_token,
  }
}

function createAccess(response: TokenResponse, now: number) {
  const { access_token, token_type, expires_in, scope } = response
  return {
    access_token,
    token_type,
    ...(expires_in !== undefined && { expires_at: Math.floor(now + expires_in) }),
    ...(scope !== undefined && { scope }),
  }
}

/** Validated when the user signed in, and ours since. */
function readSubject(id_token: string): unknown {
  const [, payload = ''] = id_token.split('.')
  const claims: { readonly sub?: unknown } = JSON.parse(
    Buffer.from(payload, 'base64url').toString(),
  )
  return claims.sub
}
