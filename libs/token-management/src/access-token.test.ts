import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createAccessToken, isAlive, isDue } from './access-token.ts'

const response = { access_token: 'a', token_type: 'bearer', expires_in: 3600 } as const

describe('access token', () => {
  it('expires its lifetime after it was asked for, and says what was granted', () => {
    assert.deepEqual(createAccessToken({ ...response, scope: 'scope1' }, 1000, 300), {
      access_token: 'a',
      scope: 'scope1',
      requested_at: 1000,
      expires_at: 4600,
    })
  })

  it('is taken to live as long as assumed when the response does not say', () => {
    const { access_token, token_type } = response
    assert.equal(createAccessToken({ access_token, token_type }, 1000, 300).expires_at, 1300)
  })

  it('is not used when it is of another type than Bearer', () => {
    assert.throws(() => createAccessToken({ ...response, token_type: 'dpop' }, 0, 300), TypeError)
  })

  it('is alive until the second it expires in', () => {
    const token = createAccessToken(response, 0, 300)
    assert.equal(isAlive(token, 3599), true)
    assert.equal(isAlive(token, 3600), false)
  })

  for (const { lifetime, renewBefore, due } of [
    { lifetime: 3600, renewBefore: 60, due: 3540 },
    { lifetime: 75, renewBefore: 60, due: 37.5 },
    { lifetime: 3600, renewBefore: 0, due: 3600 },
  ])
    it(`of ${lifetime} s is due at ${due} s when renewed ${renewBefore} s before it expires`, () => {
      const token = createAccessToken({ ...response, expires_in: lifetime }, 0, 300)
      assert.equal(isDue(token, due - 0.5, renewBefore), false)
      assert.equal(isDue(token, due, renewBefore), true)
    })
})
