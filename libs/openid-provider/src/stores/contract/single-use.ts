import assert from 'node:assert/strict'
import { it } from 'node:test'

import { createRecord } from './create-record.ts'
import type { OpenStore } from './open-store.ts'

/** What is there once can be added, replaced, superseded or taken by one alone. */
export function describeSingleUse(open: OpenStore): void {
  it('adds what is absent or expired, and keeps what is there', async (t) => {
    let now = 0
    const store = open(t, () => now)
    const first = createRecord({ data: { first: true } })
    assert.equal(await store.add(first), true)
    assert.equal(await store.add(createRecord()), false)
    assert.deepEqual(await store.get('code', 'k'), first)

    now = 1_000
    const second = createRecord({ expires: undefined, subject: 'bob' })
    assert.equal(await store.add(second), true)
    assert.deepEqual(await store.getAll({ subject: 'bob' }), [second])
    now = 1_000_000
    assert.equal(await store.add(createRecord()), false)
  })

  it('replaces what is there, and does not bring back what has gone', async (t) => {
    let now = 0
    const store = open(t, () => now)
    assert.equal(await store.replace(createRecord()), false)
    assert.equal(await store.get('code', 'k'), undefined)

    const other = createRecord({ key: 'other' })
    await store.store(other)
    await store.store(createRecord())
    const prolonged = createRecord({ expires: 2_000, subject: 'alice', data: { n: 2 } })
    assert.equal(await store.replace(prolonged), true)
    assert.deepEqual(await store.getAll({ subject: 'alice' }), [prolonged])
    assert.deepEqual(await store.get('code', 'other'), other)

    now = 2_000
    assert.equal(await store.replace(createRecord({ expires: undefined })), false)
  })

  it('supersedes what is there, and stores nothing when it has gone', async (t) => {
    let now = 0
    const store = open(t, () => now)
    await store.store(createRecord({ subject: 'alice', due: 10 }))
    await store.store(createRecord({ type: 'spent', data: { is: 'overwritten' } }))
    const other = createRecord({ key: 'other', subject: 'alice' })
    await store.store(other)
    const spent = createRecord({ type: 'spent', expires: 2_000, client_id: 'c', data: { n: 1 } })

    assert.equal(await store.supersede('code', 'k', spent), true)
    assert.equal(await store.supersede('code', 'k', { ...spent, key: 'again' }), false)
    assert.equal(await store.supersede('token', 'other', { ...spent, key: 'again' }), false)

    assert.equal(await store.get('code', 'k'), undefined)
    assert.equal(await store.get('spent', 'again'), undefined)
    assert.deepEqual(await store.getAll({ subject: 'alice' }), [other])
    assert.deepEqual(await store.getAll({ client_id: 'c' }), [spent])
    assert.deepEqual(await store.claimDue('spent', 1, 100), [])
    now = 1_000
    assert.equal(await store.supersede('code', 'other', spent), false)
    assert.deepEqual(await store.get('spent', 'k'), spent)
  })

  it('keeps what is there when what is to supersede it cannot be stored', async (t) => {
    const store = open(t, () => 0)
    await store.store(createRecord())
    const broken = createRecord({ type: 'spent', data: { big: 1n } })

    await assert.rejects(async () => store.supersede('code', 'k', broken), TypeError)
    assert.deepEqual(await store.get('code', 'k'), createRecord())
  })

  it('lets one of 100 supersede a record at the same time', async (t) => {
    const store = open(t, () => 0)
    await store.store(createRecord())

    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        store.supersede('code', 'k', createRecord({ type: 'spent', key: `${n}` })),
      ),
    )

    assert.equal(answers.filter(Boolean).length, 1)
    assert.equal((await store.getAll({ type: 'spent' })).length, 1)
  })

  it('gives a record to one of 100 that take it at the same time', async (t) => {
    const store = open(t, () => 0)
    const record = createRecord()
    await store.store(record)
    await store.store(createRecord({ key: 'other' }))

    const taken = await Promise.all(Array.from({ length: 100 }, () => store.take('code', 'k')))

    assert.deepEqual(
      taken.filter((one) => one !== undefined),
      [record],
    )
    assert.notEqual(await store.get('code', 'other'), undefined)
  })
}
