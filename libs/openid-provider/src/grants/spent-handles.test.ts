import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { memoryStore } from '../index.ts'
import { ProviderEventEmitter } from '../provider-events.ts'
import { handlesOf } from '../stores/handles.ts'
import { isRevoked } from './revoke-grant.ts'
import { takeOnce } from './spent-handles.ts'

const silent = { info() {}, warn() {}, error() {} }

/** One handle of the grant `g`, and how to come with it. */
async function issueOne(expires?: number) {
  const clock = { now: 0 }
  const store = memoryStore({ now: () => clock.now })
  const provider = { store, now: () => clock.now, events: new ProviderEventEmitter(silent) }
  const handles = handlesOf<{ x: number }>(store, 'authorization_code')
  const handle = await handles.issue({ x: 1 }, { grant_id: 'g', expires })
  const take = () => takeOnce(handles, handle, 1000, provider)
  return { clock, store, take }
}

describe('takeOnce', () => {
  it('gives the value once, and ends the grant when it is asked again', async () => {
    const { store, take } = await issueOne()

    assert.equal((await take())?.x, 1)
    assert.equal(await isRevoked('g', store), false)
    assert.equal(await take(), undefined)
    assert.equal(await isRevoked('g', store), true)
  })

  it('leaves no moment in which a second use goes unnoticed', async () => {
    const { store, take } = await issueOne()
    const storeTake = store.take.bind(store)
    store.take = async (type, key) => {
      const taken = await storeTake(type, key)
      store.take = storeTake
      // Between being taken and whatever comes next, somebody else comes.
      await take()
      return taken
    }

    await take()

    assert.equal(await isRevoked('g', store), true)
  })

  for (const [when, at, isNoticed] of [
    ['a second', 5999, true],
    ['no longer', 6000, false],
  ] as const)
    it(`notices a second use after the expiry, for ${when}, as it is told`, async () => {
      const { clock, store, take } = await issueOne(5000)
      await take()

      clock.now = at
      await take()

      assert.equal(await isRevoked('g', store), isNoticed)
    })

  it('ends nothing for a handle that was never issued', async () => {
    const { store, take } = await issueOne()
    await store.removeAll({ grant_id: 'g' })

    assert.equal(await take(), undefined)
    assert.equal(await isRevoked('g', store), false)
  })
})
