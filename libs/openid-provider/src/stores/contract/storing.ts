import assert from 'node:assert/strict'
import { it } from 'node:test'

import { createRecord } from './create-record.ts'
import type { OpenStore } from './open-store.ts'

/** What is stored is there, as it was given, until it expires or is removed. */
export function describeStoring(open: OpenStore): void {
  it('answers with all of a record, and with nothing that was not in it', async (t) => {
    const store = open(t, () => 0)
    const owners = { client_id: 'c', subject: 's', session_id: 'sid', grant_id: 'g' }
    const owned = createRecord({
      key: 'owned',
      due: 500,
      ...owners,
      data: { scope: ['a'], n: 1, no: null },
    })
    const bare = createRecord({ key: 'bare', expires: undefined })
    await store.store(owned)
    await store.store({ ...bare, subject: undefined })

    assert.deepEqual(await store.get('code', 'owned'), owned)
    assert.deepEqual(await store.get('code', 'bare'), bare)
  })

  it('finds a key within its type only', async (t) => {
    const store = open(t, () => 0)
    await store.store(createRecord({ type: 'code' }))

    assert.equal(await store.get('refresh_token', 'k'), undefined)
    assert.equal(await store.take('refresh_token', 'k'), undefined)
    await store.remove('refresh_token', 'k')
    assert.notEqual(await store.get('code', 'k'), undefined)
  })

  it('copies the data on its way in and out', async (t) => {
    const store = open(t, () => 0)
    const data = { scope: ['a'] }
    await store.store(createRecord({ data }))
    data.scope.push('b')
    const read = (await store.get('code', 'k'))?.data as typeof data
    read.scope.push('c')

    assert.deepEqual((await store.get('code', 'k'))?.data, { scope: ['a'] })
  })

  it('stores in place of what was there, also for those who look by owner', async (t) => {
    const store = open(t, () => 0)
    await store.store(createRecord({ subject: 'alice', expires: 10 }))
    const second = createRecord({ subject: 'bob', created: 1, data: { second: true } })
    await store.store(second)

    assert.deepEqual(await store.get('code', 'k'), second)
    assert.deepEqual(await store.getAll({ subject: 'alice' }), [])
    assert.deepEqual(await store.getAll({ subject: 'bob' }), [second])
  })

  it('answers with no record from the millisecond it expires', async (t) => {
    let now = 999
    const store = open(t, () => now)
    await store.store(createRecord({ subject: 'alice' }))
    assert.notEqual(await store.get('code', 'k'), undefined)
    assert.equal((await store.getAll({ subject: 'alice' })).length, 1)

    now = 1_000
    assert.equal(await store.get('code', 'k'), undefined)
    assert.deepEqual(await store.getAll({ subject: 'alice' }), [])
    assert.equal(await store.take('code', 'k'), undefined)
  })

  it('removes one record', async (t) => {
    const store = open(t, () => 0)
    await store.store(createRecord())
    await store.store(createRecord({ key: 'other' }))
    await store.remove('code', 'k')

    assert.equal(await store.get('code', 'k'), undefined)
    assert.notEqual(await store.get('code', 'other'), undefined)
  })

  it('removes expired records, at most as many as asked for', async (t) => {
    let now = 0
    const store = open(t, () => now)
    for (let n = 0; n < 10; n++)
      await store.store(createRecord({ key: `k${n}`, subject: 'alice', expires: 100 + (n % 5) }))
    await store.store(createRecord({ key: 'forever', expires: undefined }))
    await store.take('code', 'k0')

    now = 103
    assert.equal(await store.removeExpired(3), 3)
    assert.equal(await store.removeExpired(100), 4)
    assert.equal(await store.removeExpired(100), 0)
    now = 0
    const left = (await store.getAll({ type: 'code' })).map(({ key }) => key)
    assert.deepEqual(left.sort(), ['forever', 'k4', 'k9'])
  })
}
