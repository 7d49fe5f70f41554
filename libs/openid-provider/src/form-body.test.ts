import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'

import { type RequestHandler, urlencoded } from 'express'

import { collectLogs } from '../test-support/collect-logs.ts'
import { sendBytes, sendEndlessly } from '../test-support/send-bytes.ts'
import { startProvider } from '../test-support/start-provider.ts'

const form = 'application/x-www-form-urlencoded'
const megabyte = 'a'.repeat(1024 * 1024)
const valid = 'grant_type=client_credentials&client_id=client&client_secret=secret'
const post = `POST /connect/token HTTP/1.1\r\nHost: x\r\nContent-Type: ${form}\r\n`
const timeout = 10_000

/** All of it over HTTP at the token endpoint: each is answered, and none is a failure of the server. */
describe('form body', () => {
  it('may have a charset, in any case', async (t) => {
    const { postForm } = await startProvider(t)

    const response = await postForm('/connect/token', valid, {
      'content-type': `${form.toUpperCase()};charset=UTF-8`,
    })

    assert.equal(response.status, 200)
  })

  it('may say that it is not encoded, in any case', async (t) => {
    const { postForm } = await startProvider(t)

    const response = await postForm('/connect/token', valid, { 'content-encoding': 'Identity' })

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

      assert.equal(response.status, 405)
      assert.equal(response.headers.get('allow'), 'POST')
      assert.deepEqual(await response.json(), {
        error: 'invalid_request',
        error_description: `the method is ${method}; use POST`,
      })
    })

  it('need not be there at userinfo, which takes a GET and a POST and nothing else', async (t) => {
    const { request } = await startProvider(t)

    const response = await request('/connect/userinfo', { method: 'PUT', body: 'x' })

    assert.equal(response.status, 405)
    assert.equal(response.headers.get('allow'), 'GET, POST')
    assert.match(await response.text(), /PUT; use GET or POST/)
  })

  it('may be missing, which leaves the client unknown', async (t) => {
    const { postForm } = await startProvider(t)

    const response = await postForm('/connect/token', '')

    assert.equal(response.status, 401)
    assert.equal((await response.json()).error, 'invalid_client')
  })

  for (const [problem, status, body, headers, description] of [
    [
      'JSON',
      415,
      JSON.stringify({ grant_type: 'client_credentials' }),
      { 'content-type': 'application/json' },
      'the body is not application/x-www-form-urlencoded',
    ],
    [
      '64 KiB and a byte',
      413,
      `${valid}&x=`.padEnd(64 * 1024 + 1, 'x'),
      {},
      'the body is longer than 65536 bytes',
    ],
    ['1 MB', 413, `${valid}&x=${megabyte}`, {}, 'the body is longer than 65536 bytes'],
    ['a parameter twice', 400, `${valid}&scope=scope1&scope=scope1`, {}, 'scope was sent twice'],
    [
      'a broken percent-escape',
      400,
      `${valid}&scope=%zz`,
      {},
      'a parameter is not percent-encoded UTF-8',
    ],
    [
      'half a percent-escape',
      400,
      `${valid}&scope=%`,
      {},
      'a parameter is not percent-encoded UTF-8',
    ],
    ['an escaped NUL', 400, `${valid}&scope=%00`, {}, 'a parameter holds a NUL'],
    ['a NUL', 400, `${valid}&scope=\0`, {}, 'a parameter holds a NUL'],
    ['101 parameters', 400, `${valid}${'&x'.repeat(98)}`, {}, 'more than 100 parameters were sent'],
  ] as const)
    it(`with ${problem} is refused`, async (t) => {
      const { postForm } = await startProvider(t)

      const response = await postForm('/connect/token', body, headers)

      assert.equal(response.status, status)
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

    assert.equal(response.status, 413)
    assert.equal((await response.json()).error, 'invalid_request')
  })

  it('with gzip is refused', async (t) => {
    const { request } = await startProvider(t)

    const response = await request('/connect/token', {
      method: 'POST',
      headers: { 'content-type': form, 'content-encoding': 'gzip' },
      body: gzipSync(valid),
    })

    assert.equal(response.status, 415)
    assert.deepEqual(await response.json(), {
      error: 'invalid_request',
      error_description: 'the body is encoded as gzip; send it plainly',
    })
  })

  it('that is not UTF-8 is refused', async (t) => {
    const { request } = await startProvider(t)

    const response = await request('/connect/token', {
      method: 'POST',
      headers: { 'content-type': form },
      body: Buffer.from(`${valid}&x=\xff\xfe`, 'latin1'),
    })

    assert.equal(response.status, 400)
    assert.deepEqual(await response.json(), {
      error: 'invalid_request',
      error_description: 'the body is not UTF-8',
    })
  })

  const quarter = 256 * 1024
  for (const [kind, framed] of [
    ['in chunks', `Transfer-Encoding: chunked\r\n\r\n${inChunks('a'.repeat(quarter))}0\r\n\r\n`],
    ['of a given length', `Content-Length: ${quarter}\r\n\r\n${'a'.repeat(quarter)}`],
  ])
    it(`that is too long, ${kind}, leaves its connection to the next request`, async (t) => {
      const { port } = await startProvider(t)
      const next = `${post}Connection: close\r\nContent-Length: ${valid.length}\r\n\r\n${valid}`

      const { statuses } = await sendBytes(port, `${post}${framed}${next}`)

      assert.deepEqual(statuses, [413, 200])
    })

  for (const [kind, status, head, bytes] of [
    ['in chunks', 413, `${post}Transfer-Encoding: chunked\r\n\r\n`, inChunks('a'.repeat(65_536))],
    ['of a given length', 413, `${post}Content-Length: 1${'0'.repeat(12)}\r\n\r\n`, megabyte],
    [
      'of another type',
      415,
      `${post.replace(form, 'text/plain')}Transfer-Encoding: chunked\r\n\r\n`,
      inChunks('a'.repeat(65_536)),
    ],
  ] as const)
    it(`without end, ${kind}, is refused, and its connection closed`, { timeout }, async (t) => {
      const { port } = await startProvider(t)

      const answer = await sendEndlessly(port, head, bytes)

      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} .*the body is`, 's'))
    })

  it('that breaks off half-way is refused, and the next request is served', async (t) => {
    const { logger, lines } = collectLogs()
    const { port, postForm } = await startProvider(t, { logger })

    const { status } = await sendBytes(port, `${post}Content-Length: 999\r\n\r\n${valid}`, {
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

  it('whose client has gone before it is looked at is refused', { timeout }, async (t) => {
    const { logger, logged } = firstLog()
    const middleware: RequestHandler = (req, _res, next) => void req.on('close', () => next())
    const { port } = await startProvider(t, { logger, middleware })

    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(`${post}Content-Length: 999\r\n\r\n${valid}`, () => socket.destroy())

    const { duration: _, ...fields } = await logged
    assert.deepEqual(fields, {
      endpoint: 'token',
      outcome: 'invalid_request',
      description: 'the body broke off',
    })
  })

  it('that the host does not wait for is refused', { timeout }, async (t) => {
    const { logger, logged } = firstLog()
    const middleware: RequestHandler = (req, _res, next) => {
      next()
      req.destroy()
    }
    const { postForm } = await startProvider(t, { logger, middleware })

    await assert.rejects(postForm('/connect/token', valid))

    assert.equal((await logged).description, 'the body broke off')
  })

  for (const [kind, middleware, body] of [
    ['a body parser of the host has read', urlencoded({ extended: false }), valid],
    ['a body parser of the host has found empty', urlencoded({ extended: false }), ''],
    ['the host has decoded', decodeBody, valid],
  ] as const)
    it(`that ${kind} is told to the host`, { timeout }, async (t) => {
      const { logger, lines } = collectLogs()
      const { postForm } = await startProvider(t, { logger, middleware })

      const response = await postForm('/connect/token', body)

      const [line] = lines
      assert.equal(response.status, 500)
      assert.match(String(line?.fields.err), /mount the token service before any body parser/)
    })

  it('that the host decodes meanwhile is a failure of that request alone', async (t) => {
    const middleware: RequestHandler = (req, _res, next) => {
      next()
      req.setEncoding('utf8')
    }
    const { postForm } = await startProvider(t, { middleware })

    const response = await postForm('/connect/token', valid)

    assert.equal(response.status, 500)
    assert.equal((await response.json()).error, 'server_error')
  })
})

/** As a host does that logs bodies. */
function decodeBody(...[req, , next]: Parameters<RequestHandler>): void {
  req.setEncoding('utf8').on('data', () => undefined)
  next()
}

function inChunks(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`
}

/** For a request that nobody gets the response of. */
function firstLog() {
  const { promise: logged, resolve } = Promise.withResolvers<Record<string, unknown>>()
  const write = (fields: object) => resolve({ ...fields })
  return { logger: { info: write, warn: write, error: write }, logged }
}
