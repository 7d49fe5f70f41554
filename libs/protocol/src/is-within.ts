/**
 * Whether a time is so near that what began then still holds: a copy is young enough, a pause not over. A clock can be
 * set back, and what it says then is in the future. That does not make anything hold for longer than it is meant to.
 *
 * @param since in the unit of `duration`, as is `now`
 */
export function isWithin(duration: number, since: number, now: number): boolean {
  return Math.abs(now - since) < duration
}
