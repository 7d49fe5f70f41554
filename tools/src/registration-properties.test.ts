import assert from 'node:assert/strict'
import { it } from 'node:test'

import { findStaleProperties } from './registration-properties.ts'

it('lists every property of registrations as the code has it (npm run generate)', () => {
  assert.deepEqual([...findStaleProperties().keys()], [])
})
