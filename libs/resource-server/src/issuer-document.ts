import { backOff, isWithin } from '@basics/protocol'

import { IssuerUnavailable } from './issuer-unavailable.ts'
import type { Settings } from './settings.ts'

/** Something the issuer publishes, fetched when first needed and kept. */
export interface IssuerDocument<T extends object> {
  /**
   * The copy that may be served, or undefined when there is none. One that is older than 10 minutes is renewed
   * behind whoever gets it. The same object until a renewal has loaded another one.
   */
  current(): T | undefined
  /** The copy that may be served. Without one, the document as the issuer has it now. */
  read(): Promise<T>
  /** The document, renewed when it is older than 30 seconds: for whoever misses something in it. */
  readNewer(): Promise<T>
}

/** Seconds after which a copy is due for renewal, so that what the issuer has withdrawn, such as a key, goes. */
const maximumAge = 600
/**
 * Seconds after the last attempt at a renewal, whatever came of it, for which a copy that is due is served. After a
 * longer silence, in which the API had no requests, nothing is known of the issuer: the next ones wait for it.
 */
const maximumSilence = 1200
/** Seconds between two renewals that requests can cause: anyone can send a token that misses a key. */
const minimumAge = 30
/** Seconds that back-off grows to: little at first, for servers are started in any order. */
const maximumDelay = { first: 1, renewal: 30 }

/**
 * Keeps a document of the issuer. Nobody waits for the renewal of a copy that may be served, since an issuer that
 * hangs must not hold up its APIs; who has to wait shares one fetch with all others. After a failure there is no
 * other attempt for 1 s, and when there is a copy already for 2 s, 4 s, … 30 s after the next ones; the first
 * request after that makes it.
 *
 * @param name what is fetched, for the error message
 * @param load fetches and validates it
 * @throws {IssuerUnavailable} by `read` and `readNewer`, when there is nothing to give
 * @see {@link https://www.rfc-editor.org/rfc/rfc5861.html#section-3 RFC 5861 §3}, stale while revalidate
 * @see {@link https://www.rfc-editor.org/rfc/rfc5861.html#section-4 RFC 5861 §4}, stale if error
 */
export function issuerDocument<T extends object>(
  name: string,
  load: () => Promise<T>,
  { now, staleIfErrorSeconds, report }: Settings,
): IssuerDocument<T> {
  let copy: { readonly document: T; readonly loadedAt: number } | undefined
  let pending: Promise<T> | undefined
  let failure: IssuerUnavailable | undefined
  let attemptedAt = Number.NEGATIVE_INFINITY
  const pause = backOff((failures) => {
    const { first, renewal } = maximumDelay
    return Math.min(2 ** (failures - 1), copy === undefined ? first : renewal)
  }, now)

  function current(): T | undefined {
    if (copy === undefined) return undefined
    const { document, loadedAt } = copy
    if (isWithin(maximumAge, loadedAt, now())) return document
    if (!isWithin(maximumAge + staleIfErrorSeconds, loadedAt, now())) return undefined
    if (!isWithin(maximumSilence, attemptedAt, now())) return undefined
    renew().catch(report)
    return document
  }

  async function read(): Promise<T> {
    try {
      return current() ?? (await renew())
    } catch (error) {
      // An outage of the issuer need not become one of the API: what it said last still holds for a while.
      const document = current()
      if (document === undefined) throw error
      return document
    }
  }

  async function readNewer(): Promise<T> {
    if (copy !== undefined && isWithin(minimumAge, copy.loadedAt, now())) return copy.document
    return renew()
  }

  async function renew(): Promise<T> {
    if (failure !== undefined && pause.left() > 0) throw failure
    pending ??= attempt().finally(() => {
      pending = undefined
      attemptedAt = now()
    })
    return pending
  }

  async function attempt(): Promise<T> {
    try {
      const document = await load()
      copy = { document, loadedAt: now() }
      pause.succeed()
      return document
    } catch (error) {
      // From a document that this one depends on, which backs off by itself.
      if (error instanceof IssuerUnavailable) throw error
      const seconds = pause.fail()
      failure = new IssuerUnavailable(`Cannot fetch ${name}`, now() + seconds, error)
      throw failure
    }
  }

  return { current, read, readNewer }
}
