import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { type Expiring, ExpiryQueue } from './expiry-queue.ts'

describe('expiry queue', () => {
  it('has what expires next in front, whatever joins and leaves', () => {
    const queue = new ExpiryQueue<Expiring>()
    const queued: Expiring[] = []
    for (const random of randomNumbers(5_000)) {
      const leaves = random % 3 === 0 ? queued.splice(random % queued.length, 1)[0] : undefined
      if (leaves !== undefined) queue.remove(leaves)
      const joins = { expires: random % 500, position: -1 }
      queue.add(joins)
      queued.push(joins)
      assert.equal(
        queue.first()?.expires,
        Math.min(...queued.map(({ expires }) => Number(expires))),
      )
    }

    const order: number[] = []
    for (let first = queue.first(); first !== undefined; first = queue.first()) {
      order.push(Number(first.expires))
      queue.remove(first)
    }

    assert.deepEqual(
      order,
      queued.map(({ expires }) => Number(expires)).sort((one, other) => one - other),
    )
  })

  it('has no place for what does not expire', () => {
    const queue = new ExpiryQueue<Expiring>()
    const forever = { expires: undefined, position: -1 }
    queue.add(forever)
    assert.equal(queue.first(), undefined)
    const soon = { expires: 1, position: -1 }
    queue.add(soon)
    queue.remove(forever)
    assert.equal(queue.first(), soon)
  })
})

/** The same ones in each run: a linear congruential generator. */
function* randomNumbers(count: number): Iterable<number> {
  let state = 1
  for (let n = 0; n < count; n++) {
    state = (state * 48_271) % 2_147_483_647
    yield state
  }
}
