// Taken before the program runs, which may put another clock in its place, as tests do.
const wallClock = Date.now
let origin = performance.timeOrigin

/** The wall clock shows whole milliseconds: it is later than that, and earlier than the next one. */
const almostOne = 0.999

/**
 * Milliseconds since the epoch, with a fraction: fine enough to put what several processes of a machine
 * did into its order.
 *
 * The fraction is the monotonic clock's, the rest is the wall clock's, which all processes share. What a process
 * takes for its origin may be many milliseconds off, and the monotonic clock stands still while the machine sleeps.
 */
export function now(): number {
  const shown = wallClock()
  const estimate = origin + performance.now()
  const time = Math.min(Math.max(estimate, shown), shown + almostOne)
  origin += time - estimate
  return time
}
