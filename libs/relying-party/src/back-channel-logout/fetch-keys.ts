import { boundedFetch } from '@basics/protocol'
import { createLocalJWKSet, type FetchImplementation, type JSONWebKeySet } from 'jose'

import { withPauses } from '../with-pauses.ts'

/** The provider's keys cannot be fetched. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable'
  /** When trying again makes sense, in seconds since the epoch. */
  readonly retryAt: number

  constructor(retryAt: number, cause: unknown) {
    super('the keys cannot be fetched', { cause })
    this.retryAt = retryAt
  }
}

/**
 * A `fetch` for a JSON Web Key Set, with {@link withPauses}: a stranger's token has the keys fetched, and anybody can
 * send a thousand.
 *
 * @param now Seconds since the epoch.
 * @returns A function that rejects with {@link KeysUnavailable}.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7517.html#section-5 RFC 7517 §5}
 */
export function fetchKeys(now: () => number): FetchImplementation {
  const unlessPaused = withPauses(now, (retryAt, cause) => new KeysUnavailable(retryAt, cause))
  return (url, options) =>
    unlessPaused(async () => {
      const response = await boundedFetch(url, options)
      if (response.status !== 200) throw new Error(`the answer is ${response.status}`)
      // Throws for what is no key set: that something came does not make it a success.
      const keys = (await response.json()) as JSONWebKeySet
      createLocalJWKSet(keys)
      return Response.json(keys)
    })
}
