import assert from 'node:assert/strict'
import { it } from 'node:test'

import { exponentialPause } from './exponential-pause.ts'

it('doubles from 0.25 s to 10 s, less up to half of it by chance', () => {
  const longest = [1, 2, 3, 6, 7, 1000].map((failures) => exponentialPause(failures, () => 0))
  assert.deepEqual(longest, [0.25, 0.5, 1, 8, 10, 10])
  assert.equal(
    exponentialPause(7, () => 1),
    5,
  )
  assert.notEqual(exponentialPause(7), exponentialPause(7))
})
