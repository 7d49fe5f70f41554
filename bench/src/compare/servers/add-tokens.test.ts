import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { memoryStore, type StoredRecord } from '@basics/openid-provider'

import { user } from '../registrations.ts'
import { addGrants, addSessionTokens } from './add-tokens.ts'

const token: StoredRecord = {
  type: 'reference_token',
  key: 'first',
  client_id: 'web-reference',
  subject: user.sub,
  session_id: 'a-session',
  grant_id: 'a-grant',
  created: Date.now(),
  expires: undefined,
  data: { claims: {} },
}

describe('tokens that are added', () => {
  it('are grants of a user, a session and a grant of their own', async () => {
    const all = await addTo(addGrants, 500)

    assert.equal(all.length, 501)
    for (const owner of ['subject', 'session_id', 'grant_id', 'key'] as const)
      assert.equal(new Set(all.map((each) => each[owner])).size, 501, owner)
  })

  it('are tokens of the same user, session and grant', async () => {
    const all = await addTo(addSessionTokens, 3)

    assert.equal(new Set(all.map(({ key }) => key)).size, 4)
    for (const each of all) assert.deepEqual({ ...each, key: 'first' }, token)
  })

  it('are copies of one that there has to be', async () => {
    await assert.rejects(async () => addGrants(memoryStore(), 1), /no token to copy/)
  })
})

async function addTo(add: typeof addGrants, count: number): Promise<StoredRecord[]> {
  const store = memoryStore()
  await store.store(token)
  await add(store, count)
  return store.getAll({ type: 'reference_token' })
}
