import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { type Account, accountStore, accounts, inMemoryAccounts, users } from './users.ts'

describe('accounts', () => {
  for (const { username, password } of users) {
    it(`has ${username}, with the password on the home page`, async () => {
      const account = await accountStore.findByCredentials(username, password)

      assert.equal(account?.username, username)
      assert.equal(await accountStore.findUserBySub(account?.sub ?? ''), account)
    })
  }

  it('has claims of every kind: text, a boolean, an object', () => {
    assert.deepEqual(accounts[0]?.claims, {
      name: 'Alice Smith',
      given_name: 'Alice',
      family_name: 'Smith',
      email: 'AliceSmith@example.com',
      email_verified: true,
      website: 'http://alice.example.com',
      address: {
        street_address: 'One Hacker Way',
        locality: 'Heidelberg',
        postal_code: '69118',
        country: 'Germany',
      },
    })
  })

  it('takes the name in any case, the password as it is', async () => {
    assert.equal((await accountStore.findByCredentials('ALICE', 'alice'))?.sub, '1')
    assert.equal(await accountStore.findByCredentials('alice', 'Alice'), undefined)
    assert.equal(await accountStore.findByCredentials('alice', 'bob'), undefined)
    assert.equal(await accountStore.findByCredentials('constructor', 'alice'), undefined)
  })

  it('lets an account that is not active sign in no more', async () => {
    const [alice] = accounts
    const store = inMemoryAccounts([{ ...alice, active: false } as Account])

    assert.equal(await store.findByCredentials('alice', 'alice'), undefined)
  })

  it('takes as long for an unknown name as for a wrong password', async () => {
    await measure('alice')

    const [known, unknown] = [await measure('alice'), await measure('mallory')]

    // Without the decoy it is a thousandth; the margin is for a busy machine.
    assert.ok(unknown > known / 5, `${unknown} ms against ${known} ms`)
  })
})

/** Milliseconds for the quickest of some failures. */
async function measure(username: string): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < 3; run += 1) {
    const start = performance.now()
    await accountStore.findByCredentials(username, 'wrong')
    times.push(performance.now() - start)
  }
  return Math.min(...times)
}
