import assert from 'node:assert/strict'

/** What a level may do and still be one, in the unit of the series. */
export interface Allowance {
  /** What it may rise by in the second half of the series. */
  readonly rise: number
  /** The highest single step that is no rise: what is reserved once, late, in one piece. By default there is none. */
  readonly step?: number
}

/**
 * Asserts that a series has come to a level by the middle, or to another one by a single step after it. What grows on
 * and on rises in more than one place, wherever it began.
 *
 * @returns what it rose by in its second half, without the step
 */
export function requireLevel(
  series: readonly number[],
  { rise, step = 0 }: Allowance,
  what: string,
): number {
  const middle = Math.ceil(series.length / 2)
  const later = series.slice(middle)
  let highest = series[middle - 1] ?? Number.NaN
  const rises = later.map((value) => {
    const above = Math.max(value - highest, 0)
    highest += above
    return above
  })
  const largest = Math.max(0, ...rises)
  const risen = rises.reduce((sum, each) => sum + each, 0) - Math.min(largest, step)
  assert.ok(risen <= rise, `${what} grows: ${series.join(', ')}`)
  return risen
}
