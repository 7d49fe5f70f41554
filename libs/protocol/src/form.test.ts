import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { decode, encode, readForm } from './form.ts'

const invalidRequest = { name: 'OAuthError', error: 'invalid_request' }

describe('readForm', () => {
  it('reads names and values', () => {
    const form = readForm('grant_type=client_credentials&scope=scope1+scope2&x=%C3%A9%3D')

    assert.deepEqual(
      { ...form },
      { grant_type: 'client_credentials', scope: 'scope1 scope2', x: 'é=' },
    )
  })

  it('treats a parameter without a value as omitted', () => {
    assert.deepEqual({ ...readForm('scope=&state&scope=scope1&') }, { scope: 'scope1' })
  })

  it('has no inherited parameters', () => {
    assert.equal(readForm('').constructor, undefined)
    assert.equal(readForm('__proto__=x').toString, undefined)
  })

  it('joins the values of resource, the one parameter that may be repeated', () => {
    assert.equal(
      readForm('resource=https%3A%2F%2Fa&resource=https%3A%2F%2Fb').resource,
      'https://a https://b',
    )
  })

  for (const [problem, text] of [
    ['a parameter sent twice', 'scope=a&scope=b'],
    ['a parameter sent twice with one value', 'scope=a&scope=a'],
    ['half a percent-escape', 'scope=%4'],
    ['a percent-escape that is not hexadecimal', 'scope=%zz'],
    ['a broken escape in a name', '%zz=a'],
    ['escaped bytes that are not UTF-8', 'scope=%ff%fe'],
    ['a NUL character', 'scope=a%00b'],
    ['101 parameters', Array.from({ length: 101 }, (_, i) => `p${i}=1`).join('&')],
  ] as const)
    it(`refuses ${problem}`, () => {
      assert.throws(() => readForm(text), invalidRequest)
    })
})

describe('encode', () => {
  it('writes what decode reads', () => {
    const text = 'a:b+c d%é&=💡'

    assert.equal(decode(encode(text)), text)
  })

  it('encodes the example of RFC 6749 appendix B', () => {
    assert.equal(encode(' %&+£€'), '+%25%26%2B%C2%A3%E2%82%AC')
  })
})
