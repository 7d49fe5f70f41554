import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import type { RecordFilter, Store, StoredRecord } from './store.ts'

/** A record that lives from 0 to 1,000 ms, except for what a test says about it. */
export function createRecord(parts: Partial<StoredRecord> = {}): StoredRecord {
  return { type: 'code', key: 'k', created: 0, expires: 1_000, data: {}, ...parts }
}

/**
 * What every {@link Store} promises, as tests that each implementation runs.
 *
 * @param open a new and empty store that reads the time, in milliseconds, from `now`, and is closed
 *   when the test ends
 */
export function describeStore(name: string, open: (t: TestContext, now: () => number) => Store) {
  describe(name, () => {
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
        await store.store(
          createRecord({ key, due: 10, expires: key === 'expired' ? 20 : undefined }),
        )
      await store.take('code', 'taken')
      await store.replace(createRecord({ key: 'put off', due: 50 }))
      await store.replace(createRecord({ key: 'done' }))

      now = 20
      assert.deepEqual(await store.claimDue('code', 10, 100), [])
      assert.equal(await store.get('code', 'expired'), undefined)
      now = 50
      assert.equal(sortKeys(await store.claimDue('code', 10, 100)), 'put off')
    })

    it('removes one record', async (t) => {
      const store = open(t, () => 0)
      await store.store(createRecord())
      await store.store(createRecord({ key: 'other' }))
      await store.remove('code', 'k')

      assert.equal(await store.get('code', 'k'), undefined)
      assert.notEqual(await store.get('code', 'other'), undefined)
    })

    describeFilters(open)

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
  })
}

/** `getAll` and `removeAll` choose the same records. */
function describeFilters(open: (t: TestContext, now: () => number) => Store) {
  const records = [
    createRecord({ key: '1', client_id: 'a', subject: 'alice', session_id: 's1', grant_id: 'g1' }),
    createRecord({ key: '2', client_id: 'b', subject: 'alice', session_id: 's1', grant_id: 'g2' }),
    createRecord({ key: '3', client_id: 'a', subject: 'alice', session_id: 's2', grant_id: 'g3' }),
    createRecord({ key: '4', client_id: 'a', subject: 'bob', session_id: 's3', grant_id: 'g4' }),
    createRecord({ key: '5', type: 'token', client_id: 'a', subject: 'bob', grant_id: 'g4' }),
    createRecord({ key: '6', type: 'consent', client_id: 'a' }),
  ]
  const cases: [filter: RecordFilter, keys: string][] = [
    [{ client_id: 'a' }, '13456'],
    [{ subject: 'alice' }, '123'],
    [{ session_id: 's1' }, '12'],
    [{ grant_id: 'g4' }, '45'],
    [{ type: 'token' }, '5'],
    [{ type: ['token', 'consent', 'token'] }, '56'],
    [{ type: 'code', grant_id: 'g4' }, '4'],
    [{ type: ['code', 'consent'], client_id: 'a' }, '1346'],
    [{ subject: 'alice', client_id: 'a' }, '13'],
    [{ subject: 'alice', client_id: 'a', session_id: 's2', grant_id: 'g3', type: 'code' }, '3'],
    [{ client_id: 'a', subject: '' }, ''],
    [{ grant_id: 'g4', session_id: '' }, ''],
    [{ subject: 'alice', session_id: 's3' }, ''],
    [{ subject: 'nobody' }, ''],
  ]
  for (const [filter, keys] of cases) {
    it(`chooses by ${JSON.stringify(filter)}`, async (t) => {
      const store = open(t, () => 0)
      for (const record of records) await store.store(record)

      const chosen = await store.getAll(filter)
      await store.removeAll(filter)
      const left = await store.getAll({ type: ['code', 'token', 'consent'] })

      assert.equal(sortKeys(chosen), keys)
      assert.equal(sortKeys([...left, ...chosen]), '123456')
      assert.equal(left.length, records.length - keys.length)
    })
  }

  it('refuses a filter that would choose everything by mistake', async (t) => {
    const store = open(t, () => 0)
    await store.store(createRecord())
    const unknown: Record<string, string> = {}
    const mistakes = [{}, { type: [] }, { type: 'code', grant_id: unknown.grant_id }]
    for (const mistake of mistakes as RecordFilter[]) {
      await assert.rejects(async () => store.getAll(mistake), /TypeError: the filter of records/)
      await assert.rejects(async () => store.removeAll(mistake), /TypeError: the filter of records/)
    }
    assert.notEqual(await store.get('code', 'k'), undefined)
  })
}

function sortKeys(records: readonly StoredRecord[]): string {
  return records
    .map(({ key }) => key)
    .sort()
    .join('')
}
