import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { type AttemptEnd, ClientPace } from './client-pace.ts'

const start = Date.UTC(2026, 0, 1)
const timeout = 10_000

/** A pace, and the clock that it goes by. */
function createPace() {
  const clock = { now: start }
  return { clock, pace: new ClientPace(() => clock.now, timeout) }
}

/** Begins an attempt, which has to be allowed. */
function begin(pace: ClientPace, clientId = 'web'): AttemptEnd {
  const leave = pace.begin(clientId)
  assert.equal(typeof leave, 'function', 'the client has to wait')
  return leave as AttemptEnd
}

describe('the pace at which a client is told', () => {
  it('is ten at once, and who comes then asks again after 100 ms', () => {
    const { pace } = createPace()
    const [first] = Array.from({ length: 10 }, () => begin(pace))

    assert.equal(pace.begin('web'), start + 100)

    first?.(true)
    begin(pace)
    assert.equal(pace.begin('web'), start + 100)
  })

  it('is one that no other client has to wait for', () => {
    const { pace } = createPace()
    for (let n = 0; n < 10; n++) begin(pace)

    begin(pace, 'other')
  })

  it('is a rest, twice as long after each attempt and a minute at most, when nobody answers', () => {
    const { clock, pace } = createPace()

    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      const due = clock.now + seconds * 1000
      assert.equal(begin(pace)(false), due)
      clock.now = due - 1
      assert.equal(pace.begin('web'), due)
      clock.now = due
    }
  })

  it('is one by one after a rest, until one has been answered', () => {
    const { clock, pace } = createPace()
    clock.now = begin(pace)(false)
    const end = begin(pace)

    assert.equal(pace.begin('web'), clock.now + timeout)

    assert.equal(end(true), clock.now)
    for (let n = 0; n < 10; n++) begin(pace)
  })

  it('counts the failures of attempts that were under way together as one', () => {
    const { clock, pace } = createPace()
    const together = Array.from({ length: 10 }, () => begin(pace))

    for (const end of together) assert.equal(end(false), start + 1_000)

    clock.now += 1_000
    assert.equal(begin(pace)(false), clock.now + 2_000)
  })
})
