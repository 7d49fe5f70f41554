import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { isSecret, splitSecrets } from './segments.ts'

const handle = 'Zk3V9mQ2xL7pR4tY8wB1nC6dF0gH5jS-_aE2uI9oK3M'

describe('secrets', () => {
  for (const [what, text, secrets] of [
    ['Basic credentials', 'GET / HTTP/1.1\nauthorization: Basic bTpz', ['bTpz']],
    ['a token in a header', `Authorization: Bearer ${handle}`, [handle]],
    ['cookies', 'Cookie: a=1; b=2\nHost: localhost', ['1', '2']],
    ['what is random in the name of a cookie', `cookie: ${handle}=1; a`, [handle, '1']],
    ['a cookie that is set, not its attributes', 'Set-Cookie: a=1; HttpOnly', ['1']],
    ['a code in a URL', 'GET /signin-oidc?code=c&iss=i HTTP/1.1', ['c']],
    ['a password in a form', 'username=alice&password=alice&button=login', ['alice']],
    ['a token in JSON', '{"access_token": "t", "token_type": "Bearer"}', ['t']],
    ['whatever is long and random', `<input value="${handle}">`, [handle]],
    ['all parts of a JWT', `x ${handle}.${handle}.abc y`, [`${handle}.${handle}.abc`]],
  ] as const)
    it(`are set apart: ${what}`, () => {
      const segments = splitSecrets(text)

      assert.deepEqual(
        segments.filter((segment) => segment.isSecret).map((segment) => segment.text),
        secrets,
      )
      assert.equal(segments.map((segment) => segment.text).join(''), text)
    })

  for (const text of [
    '"request_object_signing_alg_values_supported" urn:ietf:params:oauth:request_uri',
    'the-well-known-openid-configuration-of-oauth2-servers',
  ])
    it(`are not long words: ${text}`, () => {
      assert.deepEqual(splitSecrets(text), [{ text, isSecret: false }])
    })

  for (const part of ['a', ';=', '"code":', 'cookie: a;b=', 'authorization: '])
    it(`are looked for without delay in 64 KiB of ${part}`, () => {
      const text = part.repeat(65_536 / part.length)
      const start = performance.now()
      splitSecrets(text)

      assert.ok(performance.now() - start < 500)
    })

  it('are known by their name, or by their look', () => {
    assert.equal(isSecret('code', 'c'), true)
    assert.equal(isSecret('unknown', handle), true)
    assert.equal(isSecret('scope', 'openid profile'), false)
  })
})
