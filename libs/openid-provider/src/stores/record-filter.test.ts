import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { readRecordFilter } from './record-filter.ts'

describe('record filter', () => {
  it('starts with the field that leaves the fewest records', () => {
    const filter = {
      type: ['a', 'b'],
      client_id: 'c',
      subject: 's',
      session_id: 'i',
      grant_id: 'g',
    }

    assert.deepEqual(readRecordFilter(filter), [
      ['grant_id', ['g']],
      ['session_id', ['i']],
      ['subject', ['s']],
      ['client_id', ['c']],
      ['type', ['a', 'b']],
    ])
  })
})
