import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { readScope } from './scope.ts'

describe('readScope', () => {
  it('splits at spaces, keeps the order, drops repetitions', () => {
    assert.deepEqual(readScope('scope2  scope1 scope2'), ['scope2', 'scope1'])
  })

  it('reads no scope from spaces alone', () => {
    assert.deepEqual(readScope(' '), [])
  })

  for (const scope of ['a"b', 'a\\b', 'a\tb', 'ä', 'a\u007f', 'x'.repeat(301)])
    it(`refuses ${JSON.stringify(scope.slice(0, 10))} (${scope.length} characters)`, () => {
      assert.throws(() => readScope(scope), { error: 'invalid_scope' })
    })
})
