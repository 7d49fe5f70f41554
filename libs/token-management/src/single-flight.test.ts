import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { singleFlight } from './single-flight.ts'

describe('singleFlight', () => {
  it('runs the work once for all who ask while it is under way, per key, and anew afterwards', async () => {
    let runs = 0
    const flight = singleFlight<number>()
    const work = async () => ++runs

    assert.deepEqual(
      await Promise.all([flight('a', work), flight('a', work), flight('b', work)]),
      [1, 1, 2],
    )
    assert.equal(await flight('a', work), 3)
  })

  it('gives its error to all of them, and forgets it', async () => {
    const flight = singleFlight<string>()
    const fail = () => Promise.reject(new Error('down'))

    const both = await Promise.allSettled([flight('a', fail), flight('a', fail)])
    assert.deepEqual(
      both.map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    assert.equal(await flight('a', async () => 'up'), 'up')
  })
})
