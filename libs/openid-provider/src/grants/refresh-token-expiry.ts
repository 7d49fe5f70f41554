import type { RegisteredClient } from '../model/client.ts'

/**
 * When a refresh token that is used, or issued, at `now` ends.
 *
 * @param since when the user granted it
 * @returns milliseconds since the epoch, as both arguments
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.14.2 RFC 9700 §4.14.2}
 */
export function refreshTokenExpiry(
  {
    refreshTokenExpiration,
    absoluteRefreshTokenLifetime,
    slidingRefreshTokenLifetime,
  }: RegisteredClient,
  since: number,
  now: number,
): number {
  const absolute = since + absoluteRefreshTokenLifetime * 1000
  if (refreshTokenExpiration === 'absolute') return absolute
  const sliding = now + slidingRefreshTokenLifetime * 1000
  return absoluteRefreshTokenLifetime === 0 ? sliding : Math.min(sliding, absolute)
}
