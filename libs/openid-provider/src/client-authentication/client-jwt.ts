import { hash } from 'node:crypto'

import type { JWTPayload } from 'jose'

import type { Provider } from '../configuration.ts'

/** The longest JWT that is taken from a client, in characters. */
export const maximumClientJwt = 51_200

/** For clocks that differ. Seconds. */
export const clientJwtSkew = 60

/** How long ahead a JWT that a client signed may expire. Seconds. */
const maximumLifetime = 5 * 60

/**
 * What is wrong with how long a JWT that a client signed is to live, or undefined. For how long it has to be
 * remembered must not be for the client to say.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523.html#section-3 RFC 7523 §3}, item 4
 */
export function problemWithLifetime(
  { exp = 0 }: JWTPayload,
  { now }: Provider,
): string | undefined {
  return exp > Math.floor(now() / 1000) + maximumLifetime + clientJwtSkew
    ? `exp is more than ${maximumLifetime} s ahead`
    : undefined
}

/**
 * What is wrong with when a JWT that a client signed was issued, or undefined.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523.html#section-3 RFC 7523 §3}, item 6
 */
export function problemWithIssueTime({ iat }: JWTPayload, { now }: Provider): string | undefined {
  const latest = Math.floor(now() / 1000) + clientJwtSkew
  return iat !== undefined && iat > latest ? 'iat is in the future' : undefined
}

/**
 * Whether a JWT that a client signed is here for the first time, be it as an assertion or as a request:
 * there is one memory for both, so one cannot come back as the other. Remembered until it has expired.
 *
 * @param id its `jti`, or the JWT itself
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523.html#section-3 RFC 7523 §3}, item 7
 * @see {@link https://www.rfc-editor.org/rfc/rfc9101.html#section-10.8 RFC 9101 §10.8}
 */
export async function isFirstUse(
  id: string,
  { exp = 0 }: JWTPayload,
  client_id: string,
  { store, now }: Provider,
): Promise<boolean> {
  return store.add({
    type: 'client_jwt',
    key: hash('sha256', JSON.stringify([client_id, id]), 'base64url'),
    client_id,
    created: now(),
    // The check of exp knows whole seconds alone.
    expires: (Math.ceil(exp) + clientJwtSkew) * 1000,
    data: {},
  })
}
