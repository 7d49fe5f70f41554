import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createBasicCredentials, readBasicCredentials } from './basic-credentials.ts'

const basic = (text: string | Uint8Array) => `Basic ${Buffer.from(text).toString('base64')}`

describe('readBasicCredentials', () => {
  it('reads the example of RFC 6749 §2.3.1', () => {
    assert.deepEqual(readBasicCredentials('Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3'), {
      client_id: 's6BhdRkqt3',
      client_secret: '7Fjfp0ZBr1KtDRbnfVdmIw',
    })
  })

  it('decodes both halves', () => {
    assert.deepEqual(readBasicCredentials(basic('urn%3Aa+b:p%26%3A%C3%A9')), {
      client_id: 'urn:a b',
      client_secret: 'p&:é',
    })
  })

  it('takes the first colon as the separator, the scheme in any case, an empty secret', () => {
    assert.equal(readBasicCredentials(basic('a:b:c'))?.client_secret, 'b:c')
    assert.equal(readBasicCredentials(basic('a:b').replace('Basic', 'bASIC'))?.client_id, 'a')
    assert.equal(readBasicCredentials(basic('a:'))?.client_secret, '')
  })

  it('leaves other schemes and no header alone', () => {
    assert.equal(readBasicCredentials(undefined), undefined)
    assert.equal(readBasicCredentials('Bearer abc'), undefined)
    assert.equal(readBasicCredentials('Basically'), undefined)
  })

  for (const [problem, header] of [
    ['nothing behind the scheme', 'Basic'],
    ['no base64', 'Basic ***'],
    ['base64url', 'Basic a-_a'],
    ['two values', `${basic('a:b')} ${basic('a:b')}`],
    ['no colon', basic('abc')],
    ['a broken percent-escape', basic('a%zz:b')],
    ['a NUL character', basic('a%00:b')],
    ['bytes that are not UTF-8', basic(Uint8Array.of(0x61, 0x3a, 0xff))],
    ['60 KB', basic(`a:${'b'.repeat(60_000)}`)],
  ] as const)
    it(`refuses ${problem} as invalid_client`, () => {
      assert.throws(() => readBasicCredentials(header), {
        error: 'invalid_client',
        status: 401,
      })
    })
})

describe('createBasicCredentials', () => {
  it('writes what readBasicCredentials reads', () => {
    const credentials = { client_id: 'urn:client one', client_secret: 'a:b+c%é 💡' }

    assert.deepEqual(readBasicCredentials(createBasicCredentials(credentials)), credentials)
  })
})
