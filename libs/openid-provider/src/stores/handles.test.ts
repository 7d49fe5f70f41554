import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { describe, it } from 'node:test'

import { thenableStore } from '../../test-support/thenable-store.ts'
import { createHandle, handlesOf, hashHandle } from './handles.ts'
import { memoryStore } from './memory/memory-store.ts'

interface Token {
  readonly scope: readonly string[]
}

function setUp() {
  const clock = { now: 0 }
  const store = memoryStore({ now: () => clock.now })
  const tokens = handlesOf<Token>(store, 'reference_token', () => clock.now)
  return { clock, store, tokens }
}

describe('handles', () => {
  it('are 256 bits in base64url, without a dot, and never the same', () => {
    const handles = Array.from({ length: 1_000 }, createHandle)

    for (const handle of handles) assert.match(handle, /^[\w-]{43}$/)
    assert.equal(new Set(handles).size, handles.length)
  })

  it('leave nothing behind in the memory that they were made of', (t) => {
    const fill = t.mock.method(crypto, 'randomFillSync')
    syncBuiltinESMExports()
    t.after(() => {
      fill.mock.restore()
      syncBuiltinESMExports()
    })
    while (fill.mock.callCount() === 0) createHandle()
    const [pool] = (fill.mock.calls[0]?.arguments ?? []) as Buffer[]
    const unused = Buffer.from(pool ?? '')
    const handle = Buffer.from(createHandle(), 'base64url')

    assert.ok(unused.includes(handle), 'it is the memory')
    assert.equal(pool?.includes(handle), false)
  })

  it('are hashed with SHA-256', () => {
    // The example of FIPS 180-2, appendix B.1.
    assert.equal(hashHandle('abc'), 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0')
  })

  it('stand for the value and what it was issued with', async () => {
    const { clock, tokens } = setUp()
    clock.now = 5
    const handle = await tokens.issue({ scope: ['a'] }, { expires: 10, client_id: 'c' })

    const issued = { scope: ['a'], created: 5, expires: 10, client_id: 'c' }
    assert.deepEqual(await tokens.get(handle), issued)
    assert.deepEqual(await tokens.take(handle), issued)
    assert.equal(await tokens.get(handle), undefined)
  })

  it('work with a store whose promises are of a class of its own', async () => {
    const tokens = handlesOf<Token>(thenableStore(), 'reference_token', () => 0)
    const handle = await tokens.issue({ scope: ['a'] }, { expires: 10_000_000_000_000 })
    const issued = await tokens.get(handle)

    assert.deepEqual(issued?.scope, ['a'])
    assert.equal(await tokens.get('made-up'), undefined)
    assert.equal(await tokens.replace(handle, issued), true)
    assert.deepEqual(await tokens.take(handle), issued)
    assert.equal(await tokens.take(handle), undefined)
  })

  it('are known by their hash to the store', async () => {
    const { store, tokens } = setUp()
    const owners = { client_id: 'c', subject: 's', session_id: 'sid', grant_id: 'g' }
    const handle = await tokens.issue({ scope: [] }, { expires: 10, ...owners })

    assert.deepEqual(await store.getAll({ type: 'reference_token' }), [
      {
        type: 'reference_token',
        key: hashHandle(handle),
        ...owners,
        created: 0,
        expires: 10,
        data: { scope: [] },
      },
    ])
  })

  it('are worth nothing as another type', async () => {
    const { store, tokens } = setUp()
    const handle = await tokens.issue({ scope: [] }, { expires: 10 })

    assert.equal(await handlesOf(store, 'refresh_token').get(handle), undefined)
  })

  it('can be prolonged, and keep when they were created', async () => {
    const { clock, tokens } = setUp()
    const handle = await tokens.issue({ scope: ['a'] }, { expires: 10, grant_id: 'g' })
    clock.now = 9
    const issued = await tokens.get(handle)
    assert.ok(issued)
    assert.equal(await tokens.replace(handle, { ...issued, expires: 20 }), true)

    clock.now = 19
    const prolonged = { scope: ['a'], created: 0, expires: 20, grant_id: 'g' }
    assert.deepEqual(await tokens.get(handle), prolonged)
  })

  it('cannot be prolonged once they are removed', async () => {
    const { tokens } = setUp()
    const handle = await tokens.issue({ scope: [] }, { expires: 10 })
    const issued = await tokens.get(handle)
    assert.ok(issued)
    await tokens.remove(handle)

    assert.equal(await tokens.replace(handle, issued), false)
    assert.equal(await tokens.get(handle), undefined)
  })

  it('give way to what supersedes them, once', async () => {
    const { store, tokens } = setUp()
    const handle = await tokens.issue({ scope: [] }, { expires: 10 })
    const spent = { type: 'spent', created: 0, expires: undefined, data: {} }

    assert.equal(await tokens.supersede(handle, spent), true)
    assert.equal(await tokens.supersede(handle, { ...spent, type: 'again' }), false)
    assert.equal(await tokens.get(handle), undefined)
    const key = hashHandle(handle)
    assert.deepEqual(await store.getAll({ type: ['spent', 'again'] }), [{ ...spent, key }])
  })

  it('are unknown when they are too long to be ours', async () => {
    const { store, tokens } = setUp()
    const [longest, longer] = ['x'.repeat(100), 'x'.repeat(101)]
    for (const handle of [longest, longer]) {
      const key = hashHandle(handle)
      await store.store({
        type: 'reference_token',
        key,
        created: 0,
        expires: 10,
        data: { scope: [] },
      })
    }
    const issued = await tokens.get(longest)
    assert.ok(issued)
    const other = { type: 'other', created: 0, expires: undefined, data: {} }

    assert.equal(await tokens.get(longer), undefined)
    assert.equal(await tokens.take(longer), undefined)
    assert.equal(await tokens.supersede(longer, other), false)
    assert.equal(await tokens.replace(longer, { ...issued, expires: 20 }), false)
    await tokens.remove(longer)
    assert.notEqual(await store.get('reference_token', hashHandle(longer)), undefined)
  })
})
