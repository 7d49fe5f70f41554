// Taken before the program runs, which may put another clock in its place, as tests do.
const wallClock = Date.now
let origin = performance.timeOrigin

/**
 * Milliseconds since the epoch, with a fraction: fine enough to put what several processes of a machine
 * did into its order.
 */
export function now(): number {
  const behind = wallClock() - (origin + performance.now())
  // The monotonic clock stands still while the machine sleeps.
  if (Math.abs(behind) > 1000) origin += behind
  return origin + performance.now()
}
