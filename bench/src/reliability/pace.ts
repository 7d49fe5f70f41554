import { median } from '../median.ts'

/** How many times its p99 at first that at last may be. */
const allowedSlowdown = 1.5

/**
 * Whether a load takes no longer at last than at first: by the medians of three parts each, which a stall in one of them
 * does not move. The very first part, in which there can be more to do, is no measure of the others.
 *
 * @param p99s milliseconds, of each part
 */
export function comparePace(p99s: readonly number[]): { isLevel: boolean; description: string } {
  const early = median(p99s.slice(1, 4))
  const late = median(p99s.slice(-3))
  const [first, atFirst, atLast] = [p99s[0] ?? Number.NaN, early, late].map((time) =>
    time.toFixed(1),
  )
  return {
    isLevel: late <= early * allowedSlowdown,
    description: `${first} ms in part 1, ${atFirst} ms in parts 2 to 4 and ${atLast} ms in the last three`,
  }
}
