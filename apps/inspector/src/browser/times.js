const units = /** @type {const} */ ([
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
])

/**
 * A time that a claim holds, as the reader's clock would show it, and how far away it is.
 *
 * @param {string} claim Its name: `exp` is told as a lifetime.
 * @param {number} time Seconds since the epoch.
 * @param {number} [now] Milliseconds since the epoch.
 */
export function describeTime(claim, time, now = Date.now()) {
  const seconds = Math.round(time - now / 1000)
  const local = new Date(time * 1000).toLocaleString()
  const distance = describeDistance(Math.abs(seconds))
  const isAhead = seconds > 0
  if (claim === 'exp') return `${local}: ${isAhead ? 'expires in' : 'expired, since'} ${distance}`
  return `${local}: ${isAhead ? 'in ' : ''}${distance}${isAhead ? '' : ' ago'}`
}

/** @param {number} seconds */
function describeDistance(seconds) {
  const [unit, size] = units.find(([, size]) => seconds >= 2 * size) ?? ['second', 1]
  return new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long' }).format(
    Math.floor(seconds / size),
  )
}
