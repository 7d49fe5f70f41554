import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { RecentlyUsed } from './recently-used.ts'

describe('RecentlyUsed', () => {
  it('forgets what was neither read nor written for longest', () => {
    const map = new RecentlyUsed<string, number>(3)
    map.set('read', 1)
    map.set('left', 2)
    map.set('written', 3)
    map.get('read')
    map.set('written', 4)
    map.set('new', 5)

    const values = ['read', 'left', 'written', 'new'].map((key) => map.get(key))
    assert.deepEqual(values, [1, undefined, 4, 5])
  })

  it('keeps nearly as many as its maximum, however many come', () => {
    const map = new RecentlyUsed<number, string>(300)
    for (let key = 0; key < 1_000; key++) map.set(key, 'value')

    const kept = Array.from({ length: 1_000 }, (_, key) => map.get(key)).filter(Boolean).length
    assert.ok(kept >= 297 && kept <= 300, `${kept} are kept`)
  })

  it('forgets what is deleted', () => {
    const map = new RecentlyUsed<string, number>(1)
    map.set('key', 1)
    map.delete('key')

    assert.equal(map.get('key'), undefined)
  })
})
