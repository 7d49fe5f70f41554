import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { backOff } from './back-off.ts'

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

  it('is never longer than it was to be when the clock is set back, and over when that is by more', () => {
    let now = 4000
    const pause = backOff(
      () => 10,
      () => now,
    )
    pause.fail()
    now -= 5
    assert.equal(pause.left(), 10)
    now -= 3600
    assert.equal(pause.left(), 0)
  })
})
