import { setImmediate } from 'node:timers/promises'

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
  let stopped = false
  let round = Promise.resolve()
  let timer = schedule()

  // The next round is scheduled when one has ended, so they never overlap.
  function schedule(): NodeJS.Timeout {
    return setTimeout(() => {
      round = removeInBatches()
        .catch(onError)
        .finally(() => {
          if (!stopped) timer = schedule()
        })
    }, interval).unref()
  }

  async function removeInBatches(): Promise<void> {
    while (!stopped && (await store.removeExpired(batch)) === batch) await setImmediate()
  }

  return async () => {
    stopped = true
    clearTimeout(timer)
    await round
  }
}
