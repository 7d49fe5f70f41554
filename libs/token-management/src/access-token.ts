/** An access token and how long it is good for. Plain data, so that a cache can write it as JSON. */
export interface AccessToken {
  readonly access_token: string
  /** What was granted, space-separated. Absent: exactly what was asked for. */
  readonly scope?: string
  /** When it was asked for: seconds since the epoch, by the clock of the process that asked. */
  readonly requested_at: number
  /** Seconds since the epoch, by the same clock. */
  readonly expires_at: number
}

/** What a token endpoint says about an access token. */
interface IssuedToken {
  readonly access_token: string
  readonly token_type: string
  readonly expires_in?: number
  readonly scope?: string
}

/**
 * The access token in a token response. Its lifetime is counted from the moment of the request, not
 * from that of the answer: the time on the way is then no time in which a dead token looks alive.
 *
 * @param requested_at Seconds since the epoch.
 * @param assumedLifetime Seconds a token lives whose response has no `expires_in`.
 * @throws {TypeError} for a token that is not a Bearer token: a client MUST NOT use a token whose
 *   type it does not understand.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1 RFC 6749 §5.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-7.1 RFC 6749 §7.1}
 */
export function createAccessToken(
  response: IssuedToken,
  requested_at: number,
  assumedLifetime: number,
): AccessToken {
  const { access_token, token_type, expires_in = assumedLifetime, scope } = response
  if (token_type !== 'bearer') throw new TypeError(`token_type is "${token_type}", not "Bearer"`)
  const expires_at = requested_at + expires_in
  return { access_token, ...(scope !== undefined && { scope }), requested_at, expires_at }
}

/** @param now Seconds since the epoch. */
export function isAlive(token: AccessToken | undefined, now: number): token is AccessToken {
  return token !== undefined && token.expires_at > now
}

/**
 * Whether it is time to renew: `renewBefore` seconds before the token expires, or at half its
 * lifetime if that is later, so that a short-lived token is used for a while too.
 *
 * @param now Seconds since the epoch.
 */
export function isDue(token: AccessToken, now: number, renewBefore: number): boolean {
  const lifetime = token.expires_at - token.requested_at
  return now >= token.expires_at - Math.min(renewBefore, lifetime / 2)
}
