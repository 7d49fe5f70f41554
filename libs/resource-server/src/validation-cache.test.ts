import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { AccessTokenClaims } from './access-token-claims.ts'
import { cachedValidation } from './validation-cache.ts'

/** A cached validation that finds every token valid until `exp`, and the tokens it was asked about. */
function start(options: { exp?: number; maximumEntries?: number } = {}) {
  const asked: string[] = []
  const clock = { now: 1000 }
  const validate = async (token: string): Promise<AccessTokenClaims> => {
    asked.push(token)
    if (token === 'invalid') throw new Error('invalid')
    return options.exp === undefined ? {} : { exp: options.exp }
  }
  const cached = cachedValidation(validate, 60, () => clock.now, options.maximumEntries)
  return { cached, asked, clock }
}

describe('a cached validation', () => {
  it('is made once in the time', async () => {
    const { cached, asked, clock } = start()

    await cached('token')
    clock.now += 59
    await cached('token')
    assert.equal(asked.length, 1)
    clock.now += 1
    await cached('token')
    assert.equal(asked.length, 2)
  })

  it('does not outlive the token', async () => {
    const { cached, asked, clock } = start({ exp: 1010 })

    await cached('token')
    clock.now = 1009
    await cached('token')
    assert.equal(asked.length, 1)
    clock.now = 1010
    await cached('token')
    assert.equal(asked.length, 2)
  })

  it('is shared by simultaneous requests with the same token', async () => {
    const { cached, asked } = start()

    await Promise.all([cached('a'), cached('a'), cached('b')])

    assert.deepEqual(asked, ['a', 'b'])
  })

  it('remembers no refusal', async () => {
    const { cached, asked } = start()

    const refusals = await Promise.allSettled([cached('invalid'), cached('invalid')])
    await assert.rejects(cached('invalid'))

    assert.deepEqual(new Set(refusals.map(({ status }) => status)), new Set(['rejected']))
    assert.equal(asked.length, 2)
  })

  it('forgets the oldest when there are too many', async () => {
    const { cached, asked } = start({ maximumEntries: 2 })

    for (const token of ['a', 'b', 'c', 'c', 'b', 'a']) await cached(token)

    assert.deepEqual(asked, ['a', 'b', 'c', 'a'])
  })
})
