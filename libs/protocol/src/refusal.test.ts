import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { readRefusal, withoutControls } from './refusal.ts'

describe('a refusal', () => {
  for (const [body, refusal] of [
    [{ error: 'invalid_grant' }, { error: 'invalid_grant', text: 'invalid_grant' }],
    [
      { error: 'invalid_grant', error_description: 'too late' },
      { error: 'invalid_grant', text: 'invalid_grant: too late' },
    ],
    [{ error_description: 'too late' }, { text: 'HTTP status 400: too late' }],
    [{ error: { code: 1 }, error_description: ['too late'] }, { text: 'HTTP status 400' }],
    [{ error: '' }, { text: 'HTTP status 400' }],
    [{}, { text: 'HTTP status 400' }],
    ['invalid_grant', { text: 'HTTP status 400' }],
    [null, { text: 'HTTP status 400' }],
    [undefined, { text: 'HTTP status 400' }],
  ] as const)
    it(`is read from ${JSON.stringify(body)}`, () => {
      assert.deepEqual(readRefusal(400, body), refusal)
    })

  it('is one line, and steers no terminal', () => {
    const body = { error: 'no', error_description: 'one\r\ntwo\u001b[2J\u009b' }

    assert.equal(readRefusal(400, body).text, 'no: one two [2J ')
  })
})

describe('withoutControls', () => {
  it('leaves all other text as it is', () => {
    assert.equal(withoutControls('"Grüße" an 日本\n'), '"Grüße" an 日本 ')
  })
})
