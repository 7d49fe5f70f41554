import { setImmediate } from 'node:timers/promises'

import { type RepetitionOptions, repeatInBackground } from '../repeat-in-background.ts'
import type { Store } from './store.ts'

export interface RemoveExpiredOptions extends Partial<RepetitionOptions> {
  /** Records removed in one step. Requests are served between two steps. */
  readonly batch?: number
  readonly onError: RepetitionOptions['onError']
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
  async function removeInBatches(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await store.removeExpired(batch)) === batch) await setImmediate()
  }

  return repeatInBackground(removeInBatches, { interval, onError })
}
