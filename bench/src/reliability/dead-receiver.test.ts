import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { requireShortWaits } from './dead-receiver.ts'

describe('the wait of a sign-out', () => {
  const others = [5, 10]
  const oneSlow = [...Array.from({ length: 12 }, () => 507), 700]

  it('is told by the slowest on a quiet machine', () => {
    assert.equal(requireShortWaits([507, 560, 508], others, true), '508 ms, at most 560 ms')
    assert.throws(
      () => requireShortWaits(oneSlow, others, true),
      /a sign-out takes 700 ms, and may take 560/,
    )
  })

  it('is told by the quickest of those that wait on a busy one', () => {
    requireShortWaits(oneSlow, others, false)
    // The client is known to be dead after ten: nobody waits for it any more.
    const allSlow = [...Array.from({ length: 10 }, () => 700), 3]
    assert.throws(() => requireShortWaits(allSlow, others, false), /a sign-out takes 700 ms/)
  })
})
