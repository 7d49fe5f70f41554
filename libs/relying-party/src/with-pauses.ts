import { backOff } from '@basics/protocol'

/** What is thrown until another attempt makes sense. */
interface TryLater extends Error {
  /** When it does, in seconds since the epoch. */
  readonly retryAt: number
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
export function withPauses(
  now: () => number,
  describe: (retryAt: number, cause: unknown) => TryLater,
): <Result>(attempt: () => Promise<Result>) => Promise<Result> {
  const pause = backOff((failures) => Math.min(2 ** (failures - 1), maximumPause), now)
  let failure: TryLater | undefined

  return async (attempt) => {
    if (failure !== undefined && pause.left() > 0) throw failure
    try {
      const result = await attempt()
      pause.succeed()
      return result
    } catch (cause) {
      const seconds = pause.fail()
      failure = describe(now() + seconds, cause)
      throw failure
    }
  }
}
