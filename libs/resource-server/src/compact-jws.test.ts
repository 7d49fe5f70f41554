import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { decodeObject, readCompactJws } from './compact-jws.ts'

const encode = (text: string | Uint8Array) => Buffer.from(text).toString('base64url')
const header = encode('{"alg":"ES256"}')

describe('a compact JWS', () => {
  it('is taken apart, with what was signed as it came', () => {
    assert.deepEqual(readCompactJws(`${header}.e30.AQID`), {
      header: { alg: 'ES256' },
      payload: 'e30',
      signingInput: `${header}.e30`,
      signature: Buffer.from([1, 2, 3]),
    })
  })

  it('may be without a signature', () => {
    assert.equal(readCompactJws(`${header}.e30.`)?.signature.length, 0)
  })

  const others = {
    nothing: '',
    'one part': 'mF_9',
    'two parts': `${header}.e30`,
    'five parts, as a JWE has': `${header}.a.b.c.d`,
    'no header': '.e30.AQID',
    'no payload': `${header}..AQID`,
    'a header that is not JSON': 'mF_9.e30.AQID',
    'a header that is an array': `${encode('[]')}.e30.AQID`,
    'a header that is null': `${encode('null')}.e30.AQID`,
    'a header that is text': `${encode('"ES256"')}.e30.AQID`,
    'a header that is not UTF-8': `${encode(Buffer.from('{"alg":"\xff"}', 'latin1'))}.e30.AQID`,
    'a character too many in the signature': `${header}.e30.AQIDA`,
    'a character too many in the payload': `${header}.e30AA.AQID`,
    'padding in the header': `${Buffer.from('{"a":1}').toString('base64')}.e30.AQID`,
    'padding in the signature': `${header}.e30.AQ==`,
    'a line break': `${header}.e30\n.AQID`,
    'the other base64': `${header}.e30.A+/D`,
  }
  for (const [what, token] of Object.entries(others))
    it(`has not the form of ${what}`, () => {
      assert.equal(readCompactJws(token), undefined)
    })

  it('has its payload decoded only when it is an object', () => {
    assert.deepEqual(decodeObject(encode('{"sub":"é"}')), { sub: 'é' })
    for (const text of ['', 'x', '[]', 'null', '1'])
      assert.equal(decodeObject(encode(text)), undefined, text)
  })
})
