import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { interruptedStore } from '../../test-support/interrupted-store.ts'
import { memoryStore } from '../index.ts'
import { ProviderEventEmitter } from '../provider-events.ts'
import { handlesOf } from '../stores/handles.ts'
import { isRevoked, revocable } from './revoke-grant.ts'
import { takeOnce } from './spent-handles.ts'

const silent = { info() {}, warn() {}, error() {} }

/** One handle of the grant `g`, and how to come with it. */
async function issueOne(expires?: number) {
  const clock = { now: 0 }
  const { store, before } = interruptedStore(memoryStore({ now: () => clock.now }))
  const provider = { store, now: () => clock.now, events: new ProviderEventEmitter(silent) }
  const handles = revocable(handlesOf<{ x: number }>(store, 'authorization_code'), store)
  const handle = await handles.issue({ x: 1 }, { grant_id: 'g', expires })
  const take = () => takeOnce(handles, handle, 1000, provider)
  return { clock, store, before, take }
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
    const supersede = store.supersede.bind(store)
    store.supersede = async (...parameters) => {
      store.supersede = supersede
      const isFirst = await supersede(...parameters)
      // Between being taken and whatever comes next, somebody else comes.
      assert.equal(await take(), undefined)
      return isFirst
    }

    assert.equal((await take())?.x, 1)
    assert.equal(await isRevoked('g', store), true)
  })

  it('gives the value to one of two that have read it', async () => {
    const { store, before, take } = await issueOne()
    before('supersede', 'authorization_code', async () => assert.equal((await take())?.x, 1))

    assert.equal(await take(), undefined)
    assert.equal(await isRevoked('g', store), true)
  })

  it('ends nothing for a handle that expires when it has been read', async () => {
    const { clock, store, before, take } = await issueOne(5000)
    before('supersede', 'authorization_code', () => {
      clock.now = 5000
    })

    assert.equal(await take(), undefined)
    assert.equal(await isRevoked('g', store), false)
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

  it('remembers when it was used', async () => {
    const { clock, store, take } = await issueOne(5000)
    clock.now = 7

    await take()

    const [spent] = await store.getAll({ type: 'spent_handle' })
    assert.deepEqual([spent?.created, spent?.expires], [7, 6000])
  })

  it('ends nothing for a handle that was never issued', async () => {
    const { store, take } = await issueOne()
    await store.removeAll({ grant_id: 'g' })

    assert.equal(await take(), undefined)
    assert.equal(await isRevoked('g', store), false)
  })
})
