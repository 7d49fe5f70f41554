import { hash, randomFillSync } from 'node:crypto'

import { isPromise } from './is-promise.ts'
import {
  type Awaitable,
  type Ownership,
  readOwnership,
  type Store,
  type StoredRecord,
} from './store.ts'

/** What a handle is issued with, besides the value it stands for. */
export interface HandleDetails extends Ownership {
  /** Milliseconds since the epoch, or undefined for a handle that does not expire. */
  readonly expires: number | undefined
}

/** The value a handle stands for, together with what it was issued with. */
export type Issued<T extends object> = T & HandleDetails & { readonly created: number }

/** The handles of one type. They are handed out and looked up here, and stored as hashes only. */
export interface Handles<T extends object> {
  /** Stores the value and answers with a new handle for it. */
  issue(value: T, details: HandleDetails): Awaitable<string>
  /** The value, or undefined when the handle is unknown, expired, taken or revoked. */
  get(handle: string): Awaitable<Issued<T> | undefined>
  /** Reads and removes in one step, so of several that try only one gets the value. */
  take(handle: string): Awaitable<Issued<T> | undefined>
  /**
   * Overwrites what was read by `get`, or answers false when it has gone in the meantime. The way to
   * prolong a token: `replace(token, { ...issued, expires })`.
   */
  replace(handle: string, issued: Issued<T>): Awaitable<boolean>
  /**
   * Stores a record of another type under the key of the handle, in its place, or answers false when it has
   * gone: of several that try, one succeeds.
   */
  supersede(handle: string, successor: Omit<StoredRecord, 'key'>): Awaitable<boolean>
  remove(handle: string): Awaitable<void>
}

/** Ours have 43 characters. Something much longer is not worth the time it takes to hash. */
const longestHandle = 100

/** Bytes. */
const handleLength = 32

/** Random bytes for the handles to come: a request for many costs little more than one for a few. */
const pool = Buffer.alloc(128 * handleLength)
let nextHandle = pool.length

/**
 * A code, token or other reference that cannot be guessed: 256 random bits in base64url. It has no dot,
 * which tells it from a JWT.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-10.10 RFC 6749 §10.10}
 */
export function createHandle(): string {
  if (nextHandle === pool.length) {
    randomFillSync(pool)
    nextHandle = 0
  }
  const [start, end] = [nextHandle, nextHandle + handleLength]
  const handle = pool.toString('base64url', start, end)
  // What was handed out is nowhere to be found here.
  pool.fill(0, start, end)
  nextHandle = end
  return handle
}

/**
 * SHA-256 in base64url: the key a handle is stored under. Salt and stretching would add nothing, as
 * 256 random bits cannot be tried out, and the comparison happens on hashes, so its timing tells nothing.
 */
export function hashHandle(handle: string): string {
  return hash('sha256', handle, 'base64url')
}

/**
 * The handles of one type, kept in a store.
 *
 * @param type of the records, for example `reference_token`
 * @param now the time in milliseconds since the epoch
 */
export function handlesOf<T extends object>(
  store: Store,
  type: string,
  now: () => number = Date.now,
): Handles<T> {
  return {
    issue(value, details) {
      const handle = createHandle()
      const { expires } = details
      const key = hashHandle(handle)
      const owners = readOwnership(details)
      const record = { type, key, ...owners, created: now(), expires, data: value }
      return whenDone(store.store(record), () => handle)
    },
    get(handle) {
      if (handle.length > longestHandle) return undefined
      return whenDone(store.get(type, hashHandle(handle)), readIssued<T>)
    },
    take(handle) {
      if (handle.length > longestHandle) return undefined
      return whenDone(store.take(type, hashHandle(handle)), readIssued<T>)
    },
    replace(handle, issued) {
      if (handle.length > longestHandle) return false
      const { client_id, subject, session_id, grant_id, created, expires, ...data } = issued
      const owners = readOwnership({ client_id, subject, session_id, grant_id })
      return store.replace({ type, key: hashHandle(handle), ...owners, created, expires, data })
    },
    supersede(handle, successor) {
      if (handle.length > longestHandle) return false
      const key = hashHandle(handle)
      return store.supersede(type, key, { ...successor, key })
    },
    remove(handle) {
      if (handle.length > longestHandle) return
      return store.remove(type, hashHandle(handle))
    },
  }
}

/** Goes on at once when the store answered at once, without the cost of a promise. */
function whenDone<A, B>(answer: Awaitable<A>, next: (answer: A) => B): Awaitable<B> {
  return isPromise(answer) ? Promise.resolve(answer).then(next) : next(answer)
}

/** The type says what the data is: records of this type are written by `issue` and `replace` alone. */
function readIssued<T extends object>(record: StoredRecord | undefined): Issued<T> | undefined {
  if (record === undefined) return undefined
  const { type: _type, key: _key, data, ...details } = record
  return { ...(data as T), ...details }
}
