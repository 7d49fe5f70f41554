import assert from 'node:assert/strict'
import { it } from 'node:test'

import type { RecordFilter } from '../store.ts'
import { createRecord, sortKeys } from './create-record.ts'
import type { OpenStore } from './open-store.ts'

/** `getAll` and `removeAll` choose the same records. */
export function describeFilters(open: OpenStore): void {
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
