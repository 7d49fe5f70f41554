import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createPasswordHash, matchesPassword } from './passwords.ts'

describe('passwords', () => {
  // Vectors of the reference implementation (its src/test.c): the form is everyone's, not ours alone.
  for (const [cost, hash] of [
    ['m=256,t=2,p=1', 'c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'],
    ['m=65536,t=2,p=1', 'c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'],
  ]) {
    it(`reads a hash that others wrote, with ${cost}`, async () => {
      const passwordHash = `$argon2id$v=19$${cost}$${hash}`

      assert.equal(await matchesPassword('password', passwordHash), true)
      assert.equal(await matchesPassword('Password', passwordHash), false)
    })
  }

  it('writes what it can read, under a new salt each time', async () => {
    const [first, second] = await Promise.all(
      ['sésame', 'sésame'].map((password) => createPasswordHash(password)),
    )
    assert.ok(first !== undefined && second !== undefined)

    assert.notEqual(first, second)
    assert.match(first, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    assert.equal(await matchesPassword('sésame', first), true)
    assert.equal(await matchesPassword('sesame', first), false)
  })

  for (const malformed of [
    '',
    'alice',
    '$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$AAAA',
    '$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$AAAA',
    '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$',
  ]) {
    it(`refuses "${malformed}" as a hash, rather than a password`, async () => {
      await assert.rejects(matchesPassword('alice', malformed), /not in the form/)
    })
  }
})
