import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { median } from './median.ts'

describe('the median', () => {
  it('is the one in the middle, which those far off do not move', () => {
    assert.equal(median([4, 1, 3]), 3)
    assert.equal(median([4, 1, 3_000]), 4)
  })

  it('is between the two in the middle when they are even', () => {
    assert.equal(median([4, 1, 3, 100]), 3.5)
  })

  it('is none of nothing', () => {
    assert.equal(median([]), Number.NaN)
  })
})
