import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'

import { startServer } from '../test-support/start-server.ts'
import { boundedFetch } from './bounded-fetch.ts'

const limit = 256 * 1024

describe('boundedFetch', () => {
  it('is fetch for an answer up to the limit', async (t) => {
    const text = 'x'.repeat(limit)
    const url = await startServer(t, (req, res) => {
      res.writeHead(401, { 'WWW-Authenticate': `Basic realm="${req.method}"` }).end(text)
    })

    const response = await boundedFetch(url, { method: 'POST', body: new URLSearchParams('a=b') })

    assert.equal(response.status, 401)
    assert.equal(response.headers.get('www-authenticate'), 'Basic realm="POST"')
    assert.equal(await response.text(), text)
  })

  for (const status of [204, 304])
    it(`has the ${status} that has no body`, async (t) => {
      const url = await startServer(t, (_req, res) => res.writeHead(status).end())

      const response = await boundedFetch(url)

      assert.deepEqual([response.status, response.body], [status, null])
    })

  it('leaves a redirect to its caller', async (t) => {
    const url = await startServer(t, (_req, res) =>
      res.writeHead(302, { Location: '/other' }).end(),
    )

    const response = await boundedFetch(url, { redirect: 'manual' })

    assert.deepEqual([response.status, response.headers.get('location')], [302, '/other'])
  })

  it('reads no more than the limit of an answer without end, and hangs up', async (t) => {
    const closed = Promise.withResolvers<void>()
    const url = await startServer(t, (_req, res) => {
      const write = () => {
        while (res.write('x'.repeat(64 * 1024)));
      }
      res.on('drain', write).on('close', closed.resolve)
      write()
    })

    await assert.rejects(boundedFetch(url), { message: `it sent more than ${limit} bytes` })
    await closed.promise
  })

  it('counts what is unpacked', async (t) => {
    const packed = gzipSync('x'.repeat(limit + 1))
    const url = await startServer(t, (_req, res) =>
      res.writeHead(200, { 'Content-Encoding': 'gzip' }).end(packed),
    )

    await assert.rejects(boundedFetch(url), /more than/)
  })
})
