import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { interruptedStore } from '../../test-support/interrupted-store.ts'
import { memoryStore } from '../index.ts'
import { ProviderEventEmitter } from '../provider-events.ts'
import { handlesOf } from '../stores/handles.ts'
import { isRevoked, revocable } from './revoke-grant.ts'
import { requireUnspent, spend } from './spent-handles.ts'

const silent = { info() {}, warn() {}, error() {} }

/** One handle of the grant `g`, and how to come with it. */
async function issueOne(expires?: number) {
  const clock = { now: 0 }
  const { store, before } = interruptedStore(memoryStore({ now: () => clock.now }))
  const provider = { store, now: () => clock.now, events: new ProviderEventEmitter(silent) }
  const handles = revocable(handlesOf<{ x: number }>(store, 'authorization_code'), store)
  const owners = { client_id: 'client', subject: 'alice', session_id: 's', grant_id: 'g' }
  const handle = await handles.issue({ x: 1 }, { ...owners, expires })
  /** @returns the value, or the description of the error */
  const use = async (clientId = 'client') => {
    try {
      const client = { clientId, accessTokenLifetime: 1 }
      const presented = { handles, handle, name: 'code', client } as const
      const issued = await requireUnspent(presented, provider)
      await spend(presented, issued, { until: 6000 }, provider)
      return issued.x
    } catch (error) {
      return (error as Error).message
    }
  }
  return { clock, store, before, use, isEnded: () => isRevoked('g', store) }
}

const unknown = 'code is unknown, used, revoked or expired'
const late = 'what was granted was used or revoked at the same time'

describe('a handle that is good for one use', () => {
  it('gives its value once, and ends the grant when it comes again', async () => {
    const { use, isEnded } = await issueOne()

    assert.equal(await use(), 1)
    assert.equal(await isEnded(), false)
    assert.equal(await use(), unknown)
    assert.equal(await isEnded(), true)
  })

  it('leaves no moment in which a second use goes unnoticed', async () => {
    const { store, use, isEnded } = await issueOne()
    const supersede = store.supersede.bind(store)
    store.supersede = async (...parameters) => {
      store.supersede = supersede
      const isFirst = await supersede(...parameters)
      // Between being spent and whatever comes next, somebody else comes.
      assert.equal(await use(), unknown)
      return isFirst
    }

    assert.equal(await use(), 1)
    assert.equal(await isEnded(), true)
  })

  it('gives its value to one of two that have read it', async () => {
    const { before, use, isEnded } = await issueOne()
    before('supersede', 'authorization_code', async () => assert.equal(await use(), 1))

    assert.equal(await use(), late)
    assert.equal(await isEnded(), true)
  })

  it('ends nothing when it expires after it has been read', async () => {
    const { clock, before, use, isEnded } = await issueOne(5000)
    before('supersede', 'authorization_code', () => {
      clock.now = 5000
    })

    assert.equal(await use(), late)
    assert.equal(await isEnded(), false)
  })

  for (const [when, at, isNoticed] of [
    ['as long as it says', 5999, true],
    ['no longer', 6000, false],
  ] as const)
    it(`is recognised for ${when}, as long as what came of it may live`, async () => {
      const { clock, use, isEnded } = await issueOne(5000)
      await use()

      clock.now = at
      await use()

      assert.equal(await isEnded(), isNoticed)
    })

  it('leaves behind whose it was and what, until its grant is revoked', async () => {
    const { clock, store, use } = await issueOne(5000)
    clock.now = 7

    await use()

    const [{ key: _, ...spent } = {}, ...others] = await store.getAll({ grant_id: 'g' })
    assert.deepEqual(
      [spent, others],
      [
        {
          type: 'spent_handle',
          client_id: 'client',
          subject: 'alice',
          grant_id: 'g',
          created: 7,
          expires: 6000,
          data: { name: 'code' },
        },
        [],
      ],
    )
    await use()
    assert.deepEqual(await store.getAll({ grant_id: 'g' }), [])
  })

  it('ends nothing when it was never issued', async () => {
    const { store, use, isEnded } = await issueOne()
    await store.removeAll({ grant_id: 'g' })

    assert.equal(await use(), unknown)
    assert.equal(await isEnded(), false)
  })

  it('is neither spent by another client nor the end of the grant there', async () => {
    const { use, isEnded } = await issueOne()

    assert.equal(await use('other'), 'code was issued to another client')
    assert.equal(await use(), 1)
    assert.equal(await use('other'), unknown)
    assert.equal(await isEnded(), false)
  })

  it('ends the rest of a grant, whose revocation was broken off, with the next use', async () => {
    const { store, use } = await issueOne()
    await use()
    const removeAll = store.removeAll.bind(store)
    store.removeAll = () => {
      throw new Error('killed')
    }
    assert.equal(await use(), 'killed')
    store.removeAll = removeAll
    assert.equal((await store.getAll({ grant_id: 'g' })).length, 1)

    await use()

    assert.deepEqual(await store.getAll({ grant_id: 'g' }), [])
  })
})
