import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { isRepeatedHeader } from './repeated-header.ts'

describe('isRepeatedHeader', () => {
  it('counts a name in any case', () => {
    const rawHeaders = ['Host', 'a', 'Authorization', 'Bearer 1', 'AUTHORIZATION', 'Bearer 2']

    assert.equal(isRepeatedHeader('authorization', rawHeaders), true)
    assert.equal(isRepeatedHeader('host', rawHeaders), false)
  })

  it('takes no value for a name', () => {
    assert.equal(isRepeatedHeader('host', ['Host', 'host', 'X', 'host']), false)
  })
})
