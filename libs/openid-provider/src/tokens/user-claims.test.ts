import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { userResources } from '../../test-support/people.ts'
import { claimsOfScope, selectUserClaims } from './user-claims.ts'

const user = { sub: 'alice', claims: { name: 'Alice', email: 'a@example.com', sub: 'bob', exp: 1 } }

describe('selectUserClaims', () => {
  it('selects those that are named and that the user has', () => {
    assert.deepEqual(selectUserClaims(user, ['name', 'website']), { name: 'Alice' })
  })

  it('selects none of the protocol', () => {
    assert.deepEqual(selectUserClaims(user, ['sub', 'exp', 'iss', 'userinfo_claims']), {})
  })

  it('selects nothing that every object has', () => {
    assert.deepEqual(selectUserClaims(user, ['constructor', 'toString', '__proto__']), {})
  })
})

describe('claimsOfScope', () => {
  it('are the claims of all its identity resources', () => {
    const names = claimsOfScope(['openid', 'email'], userResources)

    assert.deepEqual([...names], ['sub', 'email', 'email_verified'])
  })

  it('are none for the scopes of APIs, and for unknown ones', () => {
    assert.equal(claimsOfScope(['scope2', 'nope', 'offline_access'], userResources).size, 0)
  })
})
