import assert from 'node:assert/strict'
import { it } from 'node:test'

import { findStaleReadmes } from './lessons.ts'

it("shows in each scenario's README what changes from its parent (npm run generate)", () => {
  assert.deepEqual([...findStaleReadmes().keys()], [])
})
