import { IssuerUnavailable } from './issuer-unavailable.ts'
import type { Settings } from './settings.ts'

/** Something the issuer publishes, fetched when first needed and kept. */
export interface IssuerDocument<T extends object> {
  /**
   * The document, or undefined when there is none or it is older than 10 minutes. The same object until a
   * renewal has loaded another one.
   */
  current(): T | undefined
  /** The document, renewed when it is older than 10 minutes. */
  read(): Promise<T>
  /** The document, renewed when it is older than 30 seconds: for whoever misses something in it. */
  readNewer(): Promise<T>
}

/**
 * Seconds after which what the issuer has withdrawn, such as a key, is no longer relied upon; in an
 * outage, `staleIfErrorSeconds` later.
 */
const maximumAge = 600
/** Seconds between two renewals that requests can cause: anyone can send a token that misses a key. */
const minimumAge = 30
/** Seconds that back-off grows to: little at first, for servers are started in any order. */
const maximumDelay = { first: 1, renewal: 30 }

/**
 * Keeps a document of the issuer. Requests that need it at the same time share one fetch. After a
 * failure there is no other attempt for 1 s, and when there is a copy already for 2 s, 4 s, … 30 s after the
 * next ones; the first request after that makes it.
 *
 * @param name what is fetched, for the error message
 * @param load fetches and validates it
 * @throws {IssuerUnavailable} by both methods, when there is nothing to give
 */
export function issuerDocument<T extends object>(
  name: string,
  load: () => Promise<T>,
  { now, staleIfErrorSeconds }: Settings,
): IssuerDocument<T> {
  let copy: { readonly document: T; readonly loadedAt: number } | undefined
  let pending: Promise<T> | undefined
  let failure: { readonly error: IssuerUnavailable; readonly count: number } | undefined

  function current(): T | undefined {
    return copy !== undefined && now() < copy.loadedAt + maximumAge ? copy.document : undefined
  }

  async function read(): Promise<T> {
    try {
      return current() ?? (await renew())
    } catch (error) {
      // An outage of the issuer need not become one of the API: what it said last still holds for a while.
      if (copy !== undefined && now() < copy.loadedAt + maximumAge + staleIfErrorSeconds)
        return copy.document
      throw error
    }
  }

  async function readNewer(): Promise<T> {
    if (copy !== undefined && now() < copy.loadedAt + minimumAge) return copy.document
    return renew()
  }

  async function renew(): Promise<T> {
    if (failure !== undefined && now() < failure.error.retryAt) throw failure.error
    pending ??= attempt().finally(() => {
      pending = undefined
    })
    return pending
  }

  async function attempt(): Promise<T> {
    try {
      const document = await load()
      copy = { document, loadedAt: now() }
      failure = undefined
      return document
    } catch (error) {
      // From a document that this one depends on, which backs off by itself.
      if (error instanceof IssuerUnavailable) throw error
      const count = failure?.count ?? 0
      const { first, renewal } = maximumDelay
      const retryAt = now() + Math.min(2 ** count, copy === undefined ? first : renewal)
      failure = {
        error: new IssuerUnavailable(`Cannot fetch ${name}`, retryAt, error),
        count: count + 1,
      }
      throw failure.error
    }
  }

  return { current, read, readNewer }
}
