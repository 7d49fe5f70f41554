import { setImmediate, setTimeout } from 'node:timers/promises'

import type { Store } from './store.ts'

export interface RemoveExpiredOptions {
  /** Milliseconds from the end of one round to the start of the next. */
  readonly interval?: number
  /** Records removed in one step. Requests are served between two steps. */
  readonly batch?: number
  /** Told when a round fails. The next one tries again. */
  readonly onError: (error: unknown) => void
}

/**
 * Removes expired records in the background, which only saves room, since a store never answers with one.
 * It does not keep the process running.
 *
 * @returns a function that stops it. When its promise is fulfilled the store can be closed.
 */
export function removeExpiredRecords(
  store: Pick<Store, 'removeExpired'>,
  { interval = 60_000, batch = 1_000, onError }: RemoveExpiredOptions,
): () => Promise<void> {
  const stopping = new AbortController()
  const { signal } = stopping
  const ended = removeUntilStopped()

  async function removeUntilStopped(): Promise<void> {
    while (!signal.aborted) {
      await setTimeout(interval, undefined, { ref: false, signal }).catch(() => {
        // Stopped while it waited.
      })
      await removeInBatches().catch(onError)
    }
  }

  async function removeInBatches(): Promise<void> {
    while (!signal.aborted && (await store.removeExpired(batch)) === batch) await setImmediate()
  }

  return async () => {
    stopping.abort()
    await ended
  }
}
