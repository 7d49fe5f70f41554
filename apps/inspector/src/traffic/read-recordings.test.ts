import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { recording } from '../../test-support/recording.ts'
import { readRecordings } from './read-recordings.ts'

describe('recordings', () => {
  it('are taken without what else a sender has put there', () => {
    const { response } = recording()
    const full = recording({ error: 'closed', request: { headers: [], body: '', omitted: 'rest' } })

    const read = readRecordings([
      { ...full, more: [[]], response: { ...response, more: [[]] } },
      { ...full, request: { ...full.request, more: [[]] } },
    ])

    assert.deepEqual(read, [full, full])
  })

  it('may have been left without an answer', () => {
    const { response: _, ...unanswered } = recording()

    assert.deepEqual(readRecordings([unanswered]), [unanswered])
  })

  it('are none when they tell what is missing in another way', () => {
    const request = { headers: [], body: '', omitted: [[]] }

    assert.throws(() => readRecordings([{ ...recording(), request }]), TypeError)
  })
})
