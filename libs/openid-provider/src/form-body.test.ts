import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'

import { urlencoded } from 'express'

import { collectLogs } from '../test-support/collect-logs.ts'
import { sendBytes } from '../test-support/send-bytes.ts'
import { startProvider } from '../test-support/start-provider.ts'

const form = 'application/x-www-form-urlencoded'
const megabyte = 'a'.repeat(1024 * 1024)
const valid = 'grant_type=client_credentials&client_id=client&client_secret=secret'

/** All of it over HTTP at the token endpoint: each is answered, and none is a failure of the server. */
describe('form body', () => {
  it('may have a charset, in any case', async (t) => {
    const { postForm } = await startProvider(t)

    const response = await postForm('/connect/token', valid, {
      'content-type': `${form.toUpperCase()};charset=UTF-8`,
    })

    assert.equal(response.status, 200)
  })

  it('may be of 64 KiB', async (t) => {
    const { postForm } = await startProvider(t)

    const response = await postForm('/connect/token', `${valid}&x=`.padEnd(64 * 1024, 'x'))

    assert.equal(response.status, 200)
  })

  for (const method of ['GET', 'PUT', 'DELETE'])
    it(`is not looked for in a ${method}`, async (t) => {
      const { request } = await startProvider(t)

      const response = await request(`/connect/token?${valid}`, { method })

      assert.equal(response.status, 400)
      assert.deepEqual(await response.json(), {
        error: 'invalid_request',
        error_description: `the method is ${method}; use POST`,
      })
    })

  it('may be missing, which leaves the client unknown', async (t) => {
    const { postForm } = await startProvider(t)

    const response = await postForm('/connect/token', '')

    assert.equal(response.status, 401)
    assert.equal((await response.json()).error, 'invalid_client')
  })

  for (const [problem, body, headers, description] of [
    [
      'JSON',
      JSON.stringify({ grant_type: 'client_credentials' }),
      { 'content-type': 'application/json' },
      'the body is not application/x-www-form-urlencoded',
    ],
    [
      '64 KiB and a byte',
      `${valid}&x=`.padEnd(64 * 1024 + 1, 'x'),
      {},
      'the body is longer than 65536 bytes',
    ],
    ['1 MB', `${valid}&x=${megabyte}`, {}, 'the body is longer than 65536 bytes'],
    ['a parameter twice', `${valid}&scope=scope1&scope=scope1`, {}, 'scope was sent twice'],
    [
      'a broken percent-escape',
      `${valid}&scope=%zz`,
      {},
      'a parameter is not percent-encoded UTF-8',
    ],
    ['half a percent-escape', `${valid}&scope=%`, {}, 'a parameter is not percent-encoded UTF-8'],
    ['an escaped NUL', `${valid}&scope=%00`, {}, 'a parameter holds a NUL'],
    ['a NUL', `${valid}&scope=\0`, {}, 'a parameter holds a NUL'],
    ['101 parameters', `${valid}${'&x'.repeat(98)}`, {}, 'more than 100 parameters were sent'],
  ] as const)
    it(`with ${problem} is refused`, async (t) => {
      const { postForm } = await startProvider(t)

      const response = await postForm('/connect/token', body, headers)

      assert.equal(response.status, 400)
      assert.deepEqual(await response.json(), {
        error: 'invalid_request',
        error_description: description,
      })
    })

  it('of 1 MB whose length was not announced is refused', async (t) => {
    const { request } = await startProvider(t)
    const chunks = new Blob([valid, '&x=', megabyte]).stream()

    const response = await request('/connect/token', {
      method: 'POST',
      headers: { 'content-type': form },
      body: chunks,
      duplex: 'half',
    } as RequestInit)

    assert.equal(response.status, 400)
    assert.equal((await response.json()).error, 'invalid_request')
  })

  it('with gzip is refused', async (t) => {
    const { request } = await startProvider(t)

    const response = await request('/connect/token', {
      method: 'POST',
      headers: { 'content-type': form, 'content-encoding': 'gzip' },
      body: gzipSync(valid),
    })

    assert.equal(response.status, 400)
    assert.deepEqual(await response.json(), {
      error: 'invalid_request',
      error_description: 'the body is encoded as gzip; send it plainly',
    })
  })

  it('that breaks off half-way is refused, and the next request is served', async (t) => {
    const { logger, lines } = collectLogs()
    const { port, postForm } = await startProvider(t, { logger })
    const head = `POST /connect/token HTTP/1.1\r\nHost: x\r\nContent-Type: ${form}\r\n`

    const { status } = await sendBytes(port, `${head}Content-Length: 999\r\n\r\n${valid}`, {
      end: true,
    })

    assert.equal(status, 400)
    assert.equal((await postForm('/connect/token', valid)).status, 200)
    const [broken] = lines.map(({ level, fields: { duration: _, ...fields } }) => [level, fields])
    assert.deepEqual(broken, [
      'info',
      { endpoint: 'token', outcome: 'invalid_request', description: 'the body broke off' },
    ])
  })

  it('that a body parser of the host has read already is told to the host', async (t) => {
    const { logger, lines } = collectLogs()
    const middleware = urlencoded({ extended: false })
    const { postForm } = await startProvider(t, { logger, middleware })

    const response = await postForm('/connect/token', valid)

    const [line] = lines
    assert.equal(response.status, 500)
    assert.match(String(line?.fields.err), /mount the token service before any body parser/)
  })
})
