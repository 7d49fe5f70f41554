import assert from 'node:assert/strict'
import { it } from 'node:test'

import { createRecord, sortKeys } from './create-record.ts'
import type { OpenStore } from './open-store.ts'

/** What is due goes to one that asks. */
export function describeDueRecords(open: OpenStore): void {
  it('gives what is due to one that asks, the longest due first, and keeps it', async (t) => {
    let now = 0
    const store = open(t, () => now)
    for (const [key, due] of [
      ['late', 30],
      ['early', 10],
      ['later', 40],
      ['never', undefined],
    ] as const)
      await store.store(createRecord({ key, due, client_id: 'c' }))
    await store.store(createRecord({ type: 'other', key: 'early', due: 10 }))

    now = 9
    assert.deepEqual(await store.claimDue('code', 10, 100), [])
    now = 30
    const [first] = await store.claimDue('code', 1, 100)
    assert.deepEqual(first, createRecord({ key: 'early', due: 100, client_id: 'c' }))
    assert.equal(sortKeys(await store.claimDue('code', 10, 100)), 'late')
    assert.deepEqual(await store.claimDue('code', 10, 100), [])
    assert.deepEqual(await store.get('code', 'early'), first)
    now = 100
    assert.equal(sortKeys(await store.claimDue('code', 10, 200)), 'earlylatelater')
  })

  it('gives once what is due again at once', async (t) => {
    const store = open(t, () => 30)
    for (const due of [10, 20]) await store.store(createRecord({ key: `due at ${due} `, due }))

    assert.equal(sortKeys(await store.claimDue('code', 10, 15)), 'due at 10 due at 20 ')
    assert.equal(sortKeys(await store.claimDue('code', 10, 100)), 'due at 10 due at 20 ')
  })

  it('gives nothing that is due and has expired, was put off or has gone', async (t) => {
    let now = 0
    const store = open(t, () => now)
    for (const key of ['expired', 'taken', 'put off', 'done'])
      await store.store(createRecord({ key, due: 10, expires: key === 'expired' ? 20 : undefined }))
    await store.take('code', 'taken')
    await store.replace(createRecord({ key: 'put off', due: 50 }))
    await store.replace(createRecord({ key: 'done' }))

    now = 20
    assert.deepEqual(await store.claimDue('code', 10, 100), [])
    assert.equal(await store.get('code', 'expired'), undefined)
    now = 50
    assert.equal(sortKeys(await store.claimDue('code', 10, 100)), 'put off')
  })
}
