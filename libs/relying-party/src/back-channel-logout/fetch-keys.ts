import { boundedFetch } from '@basics/protocol'
import { createLocalJWKSet, type FetchImplementation, type JSONWebKeySet } from 'jose'

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

/** Seconds that back-off grows to. */
const maximumDelay = 30

/**
 * A `fetch` for a JSON Web Key Set. After a failure it makes no other request for 1 s, then 2 s, 4 s, … 30 s, and
 * fails with the same error meanwhile: a stranger's token has the keys fetched, and anybody can send a thousand.
 *
 * @param now Seconds since the epoch.
 * @returns A function that rejects with {@link KeysUnavailable}.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7517.html#section-5 RFC 7517 §5}
 */
export function fetchKeys(now: () => number): FetchImplementation {
  let failure: { readonly error: KeysUnavailable; readonly count: number } | undefined

  return async (url, options) => {
    if (failure !== undefined && now() < failure.error.retryAt) throw failure.error
    try {
      const response = await boundedFetch(url, options)
      if (response.status !== 200) throw new Error(`the answer is ${response.status}`)
      // Throws for what is no key set: that something came does not make it a success.
      const keys = (await response.json()) as JSONWebKeySet
      createLocalJWKSet(keys)
      failure = undefined
      return Response.json(keys)
    } catch (error) {
      const count = failure?.count ?? 0
      const retryAt = now() + Math.min(2 ** count, maximumDelay)
      failure = { error: new KeysUnavailable(retryAt, error), count: count + 1 }
      throw failure.error
    }
  }
}
