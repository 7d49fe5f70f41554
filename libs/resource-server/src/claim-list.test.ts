import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { claimList } from './claim-list.ts'

describe('claimList', () => {
  it('lists every claim as text, in the order of the token', () => {
    assert.deepEqual(claimList({ iss: 'https://issuer', exp: 1, active: true, sub: '1' }), [
      { type: 'iss', value: 'https://issuer' },
      { type: 'exp', value: '1' },
      { type: 'active', value: 'true' },
      { type: 'sub', value: '1' },
    ])
  })

  it('repeats a claim that has several values', () => {
    assert.deepEqual(claimList({ aud: ['a', 'b'], amr: [], numbers: [1, 2] }), [
      { type: 'aud', value: 'a' },
      { type: 'aud', value: 'b' },
      { type: 'numbers', value: '1' },
      { type: 'numbers', value: '2' },
    ])
  })

  for (const scope of ['scope1 scope2', ['scope1', 'scope2']])
    it(`lists each value of the scope ${JSON.stringify(scope)}`, () => {
      assert.deepEqual(claimList({ scope }), [
        { type: 'scope', value: 'scope1' },
        { type: 'scope', value: 'scope2' },
      ])
    })

  it('writes an object as its JSON, and splits no other text', () => {
    assert.deepEqual(
      claimList({ address: { country: 'Germany' }, name: 'Alice Smith', none: null }),
      [
        { type: 'address', value: '{"country":"Germany"}' },
        { type: 'name', value: 'Alice Smith' },
        { type: 'none', value: 'null' },
      ],
    )
  })
})
