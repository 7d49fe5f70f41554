import { isWithin } from './is-within.ts'

/**
 * Keeps a pause after each failure, longer with every further one, until something succeeds.
 *
 * @param secondsAfter The pause after that many failures in a row (1, 2, …).
 * @param now Seconds since the epoch.
 */
export function backOff(secondsAfter: (failures: number) => number, now: () => number) {
  let failures = 0
  let pause = { since: 0, seconds: 0 }

  return {
    /** Whether the last try failed. */
    hasFailed: () => failures > 0,

    /** Seconds until the pause is over: never more than it was to be, even if the clock was set back. */
    left(): number {
      const { since, seconds } = pause
      return isWithin(seconds, since, now()) ? Math.min(since + seconds - now(), seconds) : 0
    },

    /** @returns Seconds: how long the pause is that begins now. */
    fail(): number {
      failures++
      pause = { since: now(), seconds: secondsAfter(failures) }
      return pause.seconds
    },

    succeed(): void {
      failures = 0
      pause = { since: 0, seconds: 0 }
    },
  }
}
