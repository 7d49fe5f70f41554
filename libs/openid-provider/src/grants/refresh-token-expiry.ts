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

/**
 * When the last token expires that can come of a refresh token which the user granted at `since`: its successors
 * and their access tokens are counted. Where a client prolongs them without a limit, that is if it never comes again.
 *
 * @returns milliseconds since the epoch, as both arguments
 */
export function familyExpiry(
  {
    absoluteRefreshTokenLifetime,
    slidingRefreshTokenLifetime,
    accessTokenLifetime,
  }: RegisteredClient,
  since: number,
  now: number,
): number {
  const ofRefreshTokens =
    absoluteRefreshTokenLifetime === 0
      ? now + slidingRefreshTokenLifetime * 1000
      : since + absoluteRefreshTokenLifetime * 1000
  return ofRefreshTokens + accessTokenLifetime * 1000
}
