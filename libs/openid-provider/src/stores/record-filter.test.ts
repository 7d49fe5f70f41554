import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { readRecordFilter } from './record-filter.ts'

describe('record filter', () => {
  it('starts with the owner that has the fewest records', () => {
    const filter = {
      type: ['a', 'b'],
      client_id: 'c',
      subject: 's',
      session_id: 'i',
      grant_id: 'g',
    }

    assert.deepEqual(readRecordFilter(filter), {
      types: ['a', 'b'],
      owners: [
        ['grant_id', 'g'],
        ['session_id', 'i'],
        ['subject', 's'],
        ['client_id', 'c'],
      ],
    })
  })
})
