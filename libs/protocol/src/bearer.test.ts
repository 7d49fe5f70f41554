import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { bearerChallenge, readBearerToken } from './bearer.ts'

describe('readBearerToken', () => {
  it('reads the example of RFC 6750 §2.1', () => {
    assert.equal(readBearerToken('Bearer mF_9.B5f-4.1JqM'), 'mF_9.B5f-4.1JqM')
  })

  it('takes the scheme in any case and more than one space', () => {
    assert.equal(readBearerToken('bEARER  abc'), 'abc')
  })

  it('takes every character of a b64token, and padding', () => {
    assert.equal(readBearerToken('Bearer aZ09-._~+/=='), 'aZ09-._~+/==')
  })

  for (const authorization of [
    undefined,
    '',
    'Basic YTpi',
    'BearerToken',
    'NotBearer abc',
    'DPoP x',
  ])
    it(`finds no bearer credentials in ${JSON.stringify(authorization)}`, () => {
      assert.equal(readBearerToken(authorization), undefined)
    })

  for (const authorization of [
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a,b',
    'Bearer "abc"',
    'Bearer =abc',
    'Bearer a=b',
    'Bearer abc\n',
    'Bearer abc\r\nX-Injected: 1',
    'Bearer abc\u0000',
    'Bearer äbc',
  ])
    it(`refuses ${JSON.stringify(authorization)} as malformed`, () => {
      assert.throws(() => readBearerToken(authorization), { error: 'invalid_token', status: 401 })
    })
})

describe('bearerChallenge', () => {
  it('names the realm alone when there is nothing else to say', () => {
    assert.equal(bearerChallenge({ realm: 'api1' }), 'Bearer realm="api1"')
  })

  it('writes the example of RFC 6750 §3', () => {
    assert.equal(
      bearerChallenge({
        realm: 'example',
        error: 'invalid_token',
        error_description: 'The access token expired',
      }),
      'Bearer realm="example", error="invalid_token", error_description="The access token expired"',
    )
  })

  it('says which scope was needed', () => {
    assert.equal(
      bearerChallenge({ realm: 'api1', error: 'insufficient_scope', scope: 'scope1 scope2' }),
      'Bearer realm="api1", error="insufficient_scope", scope="scope1 scope2"',
    )
  })

  it('escapes a realm', () => {
    assert.equal(bearerChallenge({ realm: 'a "b" \\c' }), 'Bearer realm="a \\"b\\" \\\\c"')
  })

  it('replaces what a description must not hold', () => {
    assert.equal(
      bearerChallenge({ realm: 'api1', error_description: 'say "no" \\ ä' }),
      `Bearer realm="api1", error_description="say 'no' ' ?"`,
    )
  })

  for (const name of ['realm', 'error_description', 'scope'])
    it(`lets no line break through ${name}`, () => {
      const challenge = bearerChallenge({ realm: 'api1', [name]: 'a\r\nSet-Cookie: b=c' })

      assert.ok(challenge.endsWith(` ${name}="a??Set-Cookie: b=c"`), challenge)
    })
})
