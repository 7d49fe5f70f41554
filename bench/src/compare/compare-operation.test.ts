import assert from 'node:assert/strict'
import { it } from 'node:test'

import { requireWork } from './compare-operation.ts'

it('what needs less than the limit is no result', () => {
  requireWork([])
  requireWork([0.8, 1.1, 1.9])
  assert.throws(() => requireWork([0.8, 3.2, 3.3]), /ours needs less than the limit/)
})
