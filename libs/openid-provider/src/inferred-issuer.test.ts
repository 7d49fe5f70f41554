import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'

import { OAuthError } from '@basics/protocol'
import { type ErrorRequestHandler, Router } from 'express'

import { sendBytes } from '../test-support/send-bytes.ts'
import { startProvider } from '../test-support/start-provider.ts'
import { inferredIssuer } from './inferred-issuer.ts'
import { silentLogger } from './logger.ts'
import { memoryStore } from './stores/memory/memory-store.ts'

/** A page that signs alice in and one that signs her out, at `/login` and `/logout` of a router of their own. */
async function start(t: TestContext, basePath: string, path: string, fixedIssuer = false) {
  const store = memoryStore()
  const started = await startProvider(t, { basePath, fixedIssuer, store })
  const { app, provider } = started
  const pages = Router()
  pages.get('/login', async (req, res) => {
    await provider.interaction.signIn(req, res, { sub: 'alice' })
    res.end()
  })
  pages.get('/logout', async (req, res) => {
    res.json(await provider.interaction.getLogoutContext(req, undefined))
  })
  const showError: ErrorRequestHandler = (error, _req, res, _next) => {
    res.status(500).json(error.message)
  }
  app.use(path, pages)
  app.use(showError)
  const open = (page: string) => fetch(`http://127.0.0.1:${started.port}${path}${page}`)
  return { ...started, store, open }
}

describe('the issuer of a page, when it is taken from the request', () => {
  for (const [basePath, path] of [
    ['', ''],
    ['', '/account'],
    ['/tenant', '/tenant'],
    ['/tenant', '/tenant/account'],
  ] as const)
    it(`is where the routes are, for pages at "${path}" and routes at "${basePath}"`, async (t) => {
      const { open } = await start(t, basePath, path)

      const cookies = (await open('/login')).headers.getSetCookie()

      const paths = cookies.map((cookie) => /; *Path=([^;]*)/i.exec(cookie)?.[1])
      assert.deepEqual(paths, [basePath || '/', basePath || '/'])
      assert.equal((await open('/logout')).status, 200)
    })

  for (const page of ['/login', '/logout'])
    it(`cannot be told at ${page} when the request has not passed the routes`, async (t) => {
      const { open, store } = await start(t, '/tenant', '/account')

      const response = await open(page)

      assert.equal(response.status, 500)
      assert.match(await response.text(), /mount the pages after them and below the same path/)
      assert.deepEqual(response.headers.getSetCookie(), [])
      assert.deepEqual(await store.getAll({ type: 'login_session' }), [])
    })

  it('cannot be told, without Express, from a request with two Host headers', async (t) => {
    const server = createServer((_req, res) => res.end())
    await once(server.listen(0, '127.0.0.1'), 'listening')
    t.after(() => server.close())
    const { port } = server.address() as AddressInfo
    const received = once(server, 'request') as Promise<[IncomingMessage]>

    await sendBytes(port, 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n')

    const [req] = await received
    assert.throws(
      () => inferredIssuer(silentLogger).at(req),
      new OAuthError('invalid_request', 'there are two Host headers'),
    )
  })

  it('does not matter when it is configured', async (t) => {
    const { open } = await start(t, '/tenant', '/account', true)

    assert.equal((await open('/login')).status, 200)
  })
})
