import { setTimeout } from 'node:timers/promises'

export interface RepetitionOptions {
  /** Milliseconds from the end of one round to the start of the next. */
  readonly interval: number
  /** Told when a round fails. The next one tries again. */
  readonly onError: (error: unknown) => void
}

/**
 * Does something again and again in the background. It does not keep the process running.
 *
 * @param round is given a signal that is aborted when it is to end soon
 * @returns a function that stops it. When its promise is fulfilled no round is under way.
 */
export function repeatInBackground(
  round: (signal: AbortSignal) => Promise<void>,
  { interval, onError }: RepetitionOptions,
): () => Promise<void> {
  const stopping = new AbortController()
  const { signal } = stopping
  const ended = repeatUntilStopped()

  async function repeatUntilStopped(): Promise<void> {
    while (!signal.aborted) {
      await setTimeout(interval, undefined, { ref: false, signal }).catch(() => {
        // Stopped while it waited.
      })
      if (!signal.aborted) await round(signal).catch(onError)
    }
  }

  return async () => {
    stopping.abort()
    await ended
  }
}
