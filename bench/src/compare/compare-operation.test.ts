import assert from 'node:assert/strict'
import { it } from 'node:test'

import { doubtOf } from './compare-operation.ts'

it('what needs less than the limit is in doubt', () => {
  assert.equal(doubtOf([]), undefined)
  assert.equal(doubtOf([0.8, 1.1, 1.9]), undefined)
  assert.equal(doubtOf([0.8, 3.2, 3.3])?.verdict, 'missed')
})
