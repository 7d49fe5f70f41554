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
