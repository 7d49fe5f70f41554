import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { ErrorRequestHandler, RequestHandler } from 'express'

import { startProvider } from '../test-support/start-provider.ts'

const origin = 'https://app.example'
const discovery = '/.well-known/openid-configuration'
const open = [
  discovery,
  '/.well-known/oauth-authorization-server',
  `${discovery}/jwks`,
  '/connect/token',
  '/connect/userinfo',
  '/connect/revocation',
]
const closed = ['/connect/introspect', '/connect/authorize', '/connect/endsession']
const preflight = {
  method: 'OPTIONS',
  headers: {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  },
}

describe('CORS', () => {
  for (const path of open) {
    it(`lets a registered origin read ${path}`, async (t) => {
      const { request } = await startProvider(t)

      const { headers } = await request(path, { headers: { origin } })

      assert.equal(headers.get('access-control-allow-origin'), origin)
      assert.equal(headers.get('access-control-allow-credentials'), null)
      assert.equal(headers.get('access-control-expose-headers'), 'WWW-Authenticate')
    })

    it(`answers a registered origin's preflight of ${path}`, async (t) => {
      const { request } = await startProvider(t)

      const { status, headers } = await request(path, preflight)

      assert.equal(status, 204)
      assert.equal(headers.get('access-control-allow-origin'), origin)
      assert.equal(headers.get('access-control-allow-methods'), 'GET,POST')
      assert.equal(headers.get('access-control-allow-headers'), 'authorization,content-type')
      assert.equal(headers.get('access-control-max-age'), '600')
    })

    for (const other of [
      'https://evil.example',
      'http://app.example',
      'https://app.example:8443',
      'null',
    ])
      it(`keeps ${path} from ${other}`, async (t) => {
        const { request } = await startProvider(t)

        const answers = [
          await request(path, { headers: { origin: other } }),
          await request(path, { ...preflight, headers: { ...preflight.headers, origin: other } }),
        ]

        for (const { headers } of answers)
          assert.equal(headers.get('access-control-allow-origin'), null)
      })

    it(`tells caches that ${path} depends on the origin, also without one`, async (t) => {
      const { request } = await startProvider(t)

      const answers = [
        await request(path),
        await request(path, { headers: { origin } }),
        await request(path, { headers: { origin: 'https://evil.example' } }),
      ]

      for (const { headers } of answers) assert.equal(headers.get('vary'), 'Origin')
    })
  }

  for (const path of closed)
    it(`keeps ${path} from a registered origin`, async (t) => {
      const { request } = await startProvider(t)

      const answers = [
        await request(path, { headers: { origin }, redirect: 'manual' }),
        await request(path, preflight),
      ]

      for (const { headers } of answers)
        assert.equal(headers.get('access-control-allow-origin'), null)
    })

  it('hands the host what fails, with an Origin or without', async (t) => {
    const { app, request } = await startProvider(t, { middleware: failOnce })
    const errors: unknown[] = []
    const keepError: ErrorRequestHandler = (error, _req, res, _next) => {
      errors.push(error)
      res.sendStatus(500)
    }
    app.use(keepError)

    for (const headers of [{ origin }, {}]) {
      const { status } = await request('/connect/token', { method: 'POST', headers })
      assert.equal(status, 500)
    }

    assert.deepEqual(errors, [failure, failure])
  })
})

const failure = new Error('a header is broken')

/** As the middleware of a host that sets headers when an answer begins. */
function failOnce(...[, res, next]: Parameters<RequestHandler>): void {
  const { writeHead } = res
  res.writeHead = () => {
    res.writeHead = writeHead
    throw failure
  }
  next()
}
