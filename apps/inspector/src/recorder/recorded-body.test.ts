import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { recordedBody } from './recorded-body.ts'

const headers = [['content-type', 'text/plain']] as const
const limit = 64 * 1024

describe('a recorded body', () => {
  for (const [encoding, text] of [
    ['utf8', 'ä'.repeat(limit)],
    ['latin1', 'x'.repeat(2 * limit)],
    ['hex', '78'.repeat(2 * limit)],
    ['base64', btoa('x'.repeat(2 * limit))],
    ['utf16le', 'x'.repeat(limit)],
  ] as const)
    it(`keeps the first 64 KiB of a string in ${encoding}`, () => {
      const body = recordedBody()
      body.add(text, encoding)
      const whole = Buffer.from(text, encoding)

      assert.deepEqual(body.read(headers), {
        headers,
        body: whole.subarray(0, limit).toString(),
        omitted: 'rest',
      })
    })

  it('is put together from strings and bytes, and copies them', () => {
    const body = recordedBody()
    const bytes = Buffer.from('bytes')
    for (const chunk of ['string, ', bytes, undefined]) body.add(chunk)
    bytes.fill(0)

    assert.deepEqual(body.read(headers), { headers, body: 'string, bytes' })
  })

  it('takes text in an encoding that is none for UTF-8', () => {
    const body = recordedBody()
    body.add('ä', 'nonsense')

    assert.equal(body.read(headers).body, 'ä')
  })

  it('encodes no more of a long string than it keeps', () => {
    const body = recordedBody()
    const text = 'x'.repeat(100_000_000)
    const { arrayBuffers } = process.memoryUsage()
    for (let i = 0; i < 2; i++) body.add(text)

    assert.ok(process.memoryUsage().arrayBuffers - arrayBuffers < 1_000_000)
  })
})
