import { isWithin } from '@basics/protocol'

/** What is thrown until another attempt makes sense. */
interface TryLater extends Error {
  /** When it does, in seconds since the epoch. */
  readonly retryAt: number
}

interface Failure {
  readonly error: TryLater
  /** Seconds since the epoch. */
  readonly since: number
  /** Seconds until another attempt. */
  readonly pause: number
  /** How many there were in a row. */
  readonly count: number
}

/** Seconds that the pause grows to. */
const maximumPause = 30

/**
 * Keeps a pause after each failure: 1 s, then 2 s, 4 s, … 30 s, until an attempt succeeds. Meanwhile none is
 * made, and all fail with the same error.
 *
 * @param now Seconds since the epoch.
 * @param describe Makes that error of the time when it is over and of what went wrong.
 * @returns A function that makes an attempt, or rejects with that error.
 */
export function backOff(
  now: () => number,
  describe: (retryAt: number, cause: unknown) => TryLater,
): <Result>(attempt: () => Promise<Result>) => Promise<Result> {
  let failure: Failure | undefined

  return async (attempt) => {
    if (failure !== undefined && isWithin(failure.pause, failure.since, now())) throw failure.error
    try {
      const result = await attempt()
      failure = undefined
      return result
    } catch (cause) {
      const count = failure?.count ?? 0
      const pause = Math.min(2 ** count, maximumPause)
      const since = now()
      const error = describe(since + pause, cause)
      failure = { error, since, pause, count: count + 1 }
      throw error
    }
  }
}
