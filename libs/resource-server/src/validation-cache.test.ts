import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { AccessTokenClaims } from './access-token-claims.ts'
import { cachedValidation } from './validation-cache.ts'

interface Options {
  /** Until when tokens are valid. */
  exp?: number
  /** The seconds that each validation takes. */
  takes?: number
  maximumEntries?: number
  basis?: () => object | undefined
}

/** A cached validation that finds every token valid, and the tokens it was asked about. */
function start({ exp, takes = 0, ...cache }: Options = {}) {
  const asked: string[] = []
  const clock = { now: 1000 }
  const validate = async (token: string): Promise<AccessTokenClaims> => {
    asked.push(token)
    clock.now += takes
    if (token === 'invalid') throw new Error('invalid')
    return exp === undefined ? { aud: ['api1'] } : { exp }
  }
  const cached = cachedValidation(validate, { cacheSeconds: 60, now: () => clock.now, ...cache })
  return { cached, asked, clock }
}

describe('a cached validation', () => {
  for (const [promise, options, end] of [
    ['is made once in the time', {}, 1060],
    ['counts that time from the question, not from the answer', { takes: 4 }, 1060],
    ['does not outlive the token', { exp: 1010 }, 1010],
  ] as const)
    it(promise, async () => {
      const { cached, asked, clock } = start(options)

      await cached('token')
      clock.now = end - 1
      await cached('token')
      assert.equal(asked.length, 1)
      clock.now = end
      await cached('token')
      assert.equal(asked.length, 2)
    })

  it('is shared for no longer than it would be remembered', async () => {
    const { cached, asked, clock } = start()

    const first = cached('token')
    clock.now += 59
    const second = cached('token')
    clock.now += 1
    await Promise.all([first, second, cached('token')])

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

  it('is not among the oldest when it was made again', async () => {
    const { cached, asked, clock } = start({ maximumEntries: 2 })

    await cached('a')
    clock.now += 30
    await cached('b')
    clock.now += 30
    for (const token of ['a', 'c', 'a']) await cached(token)

    assert.deepEqual(asked, ['a', 'b', 'a', 'c'])
  })

  it('is forgotten when what it rests on changes', async () => {
    let keys = {}
    const { cached, asked } = start({ basis: () => keys })

    await cached('token')
    keys = {}
    await cached('token')
    await cached('token')

    assert.equal(asked.length, 2)
  })

  it('is not remembered when what it rests on changed while it was made', async () => {
    let keys = {}
    const { cached, asked } = start({ basis: () => keys })

    const validation = cached('token')
    keys = {}
    await Promise.all([validation, cached('other')])
    for (let n = 0; n < 2; n++) await cached('token')

    assert.deepEqual(asked, ['token', 'other', 'token'])
  })

  it('is not shared with a request that came after what it rests on changed', async () => {
    let keys = {}
    const { cached, asked } = start({ basis: () => keys })

    const validation = cached('token')
    keys = {}
    await Promise.all([validation, cached('token')])
    await cached('token')

    assert.equal(asked.length, 2)
  })

  for (const [when, first, last] of [
    ['before it', 0, 1],
    ['after it', 1, 0],
  ] as const)
    it(`is shared and remembered when one that began earlier ends ${when}`, async () => {
      let keys = {}
      const answers: PromiseWithResolvers<AccessTokenClaims>[] = []
      const validate = () => {
        const answer = Promise.withResolvers<AccessTokenClaims>()
        answers.push(answer)
        return answer.promise
      }
      const cached = cachedValidation(validate, { basis: () => keys, now: () => 1000 })

      const validations = [cached('token')]
      keys = {}
      validations.push(cached('token'))
      assert.equal(answers.length, 2, 'it was shared with the one that began earlier')
      answers[first]?.resolve({})
      await validations[first]
      validations.push(cached('token'))
      assert.equal(answers.length, 2, 'it was not shared')
      answers[last]?.resolve({})
      await Promise.all(validations)
      validations.push(cached('token'))
      assert.equal(answers.length, 2, 'it was not remembered')
    })

  it('counts again when what it rests on was gone and has come back unchanged', async () => {
    const keys = {}
    let current: object | undefined = keys
    const { cached, asked } = start({ basis: () => current })

    await cached('token')
    current = undefined
    await cached('token')
    assert.equal(asked.length, 2, 'it counted while there was nothing to rest on')
    current = keys
    await cached('token')

    assert.equal(asked.length, 2)
  })

  it('is not remembered while there is nothing to rest on', async () => {
    const { cached, asked } = start({ basis: () => undefined })

    for (let n = 0; n < 3; n++) await cached('token')

    assert.equal(asked.length, 3)
  })

  it('tells of claims that nobody can change for the requests to come', async () => {
    const { cached } = start()

    const claims = await cached('token')

    assert.throws(() => Object.assign(claims, { sub: 'admin' }), TypeError)
    assert.throws(() => (claims.aud as string[]).push('api2'), TypeError)
  })
})
