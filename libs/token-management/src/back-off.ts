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

    /** Seconds until the pause is over: never more than it was long, even if the clock was set back. */
    left: () => Math.min(Math.max(0, pause.since + pause.seconds - now()), pause.seconds),

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

/**
 * Seconds to wait after that many failures in a row: 0.25, 0.5, 1, … up to 10. Up to half of it is
 * taken off by chance, so that clients which failed together do not come back together.
 *
 * @param random From 0 to 1.
 */
export function exponentialPause(failures: number, random: () => number = Math.random): number {
  const longest = Math.min(0.25 * 2 ** (failures - 1), 10)
  return longest * (1 - random() / 2)
}
