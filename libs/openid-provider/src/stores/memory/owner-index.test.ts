import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { OwnerIndex } from './owner-index.ts'

describe('owner index', () => {
  for (const count of [1, 2, 3])
    it(`finds ${count} of an owner, and forgets the owner with the last`, () => {
      const index = new OwnerIndex<{ n: number }>()
      const items = Array.from({ length: count }, (_, n) => ({ n }))
      const other = { n: -1 }
      index.add('bob', other)
      for (const item of items) index.add('alice', item)

      for (let left = count; left > 0; left--) {
        assert.deepEqual([...index.get('alice')], items)
        assert.equal(index.size, 2)
        index.remove('alice', items.shift() ?? other)
      }
      assert.deepEqual([...index.get('alice')], [])
      assert.equal(index.size, 1)
      assert.deepEqual([...index.get('bob')], [other])
    })

  it('keeps an owner whose one item is not the one that leaves', () => {
    const index = new OwnerIndex<object>()
    const item = {}
    index.add('alice', item)
    index.remove('alice', {})

    assert.deepEqual([...index.get('alice')], [item])
  })
})
