import assert from 'node:assert/strict'
import { it } from 'node:test'

import { isWithin } from './is-within.ts'

it('is within a duration until it is over, and not when the clock was set back by more', () => {
  assert.ok(isWithin(10, 100, 100))
  assert.ok(isWithin(10, 100, 109.9))
  assert.equal(isWithin(10, 100, 110), false)
  assert.ok(isWithin(10, 100, 91))
  assert.equal(isWithin(10, 100, 90), false)
  assert.equal(isWithin(10, Number.NEGATIVE_INFINITY, 100), false)
})
