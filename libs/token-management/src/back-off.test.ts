import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { backOff, exponentialPause } from './back-off.ts'

describe('back-off', () => {
  it('pauses after a failure, longer after the next, and no more after a success', () => {
    let now = 100
    const pause = backOff(
      (failures) => failures * 10,
      () => now,
    )
    assert.deepEqual([pause.left(), pause.hasFailed()], [0, false])

    assert.equal(pause.fail(), 10)
    now = 104
    assert.deepEqual([pause.left(), pause.hasFailed()], [6, true])
    assert.equal(pause.fail(), 20)
    now = 200
    assert.deepEqual([pause.left(), pause.hasFailed()], [0, true])

    pause.fail()
    pause.succeed()
    assert.deepEqual([pause.left(), pause.hasFailed()], [0, false])
    assert.equal(pause.fail(), 10)
  })

  it('is never longer than it was to be, though the clock be set back by an hour', () => {
    let now = 4000
    const pause = backOff(
      () => 10,
      () => now,
    )
    pause.fail()
    now -= 3600
    assert.equal(pause.left(), 10)
  })

  it('doubles from 0.25 s to 10 s, less up to half of it by chance', () => {
    const longest = [1, 2, 3, 6, 7, 1000].map((failures) => exponentialPause(failures, () => 0))
    assert.deepEqual(longest, [0.25, 0.5, 1, 8, 10, 10])
    assert.equal(
      exponentialPause(7, () => 1),
      5,
    )
    assert.notEqual(exponentialPause(7), exponentialPause(7))
  })
})
