import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'

import { collectLogs } from '../test-support/collect-logs.ts'
import { selfSignedCertificate } from '../test-support/self-signed-certificate.ts'
import { sendBytes } from '../test-support/send-bytes.ts'
import { startProvider } from '../test-support/start-provider.ts'
import { requestOrigin } from './request-origin.ts'

const discovery = '/.well-known/openid-configuration'

/** A request whose target and `Host` may be anything. */
const get = (port: number, target: string, ...hosts: string[]) =>
  sendBytes(
    port,
    [`GET ${target} HTTP/1.1`, ...hosts.map((host) => `Host: ${host}`)].join('\r\n') +
      '\r\nConnection: close\r\n\r\n',
  )

describe('the origin of a request', () => {
  it('is https over TLS, also without Express', async (t) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const cert = selfSignedCertificate(privateKey, publicKey)
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' })
    const server = createServer({ key, cert }, (req, res) => res.end(requestOrigin(req)))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    t.after(() => server.close())
    const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`

    const asked = request(origin, { rejectUnauthorized: false, agent: false }).end()
    const [response] = (await once(asked, 'response')) as [IncomingMessage]

    assert.equal(await text(response), origin)
  })

  for (const [forwarded, scheme] of [
    ['https', 'https'],
    ['HTTPS', 'https'],
    ['foo', 'http'],
    ['javascript', 'http'],
    ['https://evil.example/?', 'http'],
    ['', 'http'],
  ] as const)
    it(`has the scheme ${scheme} when a trusted proxy says ${JSON.stringify(forwarded)}`, async (t) => {
      const { request, port } = await startProvider(t, { fixedIssuer: false, trustProxy: 1 })

      const response = await request(discovery, {
        headers: { 'x-forwarded-proto': forwarded },
      })

      assert.equal((await response.json()).issuer, `${scheme}://127.0.0.1:${port}`)
    })
})

describe('a request that names no host, or two', () => {
  for (const host of [
    ...['[::1', '::1', '[login.example]', ':80', 'login.example:https', 'login.example:70000'],
    ...['user:password@login.example', 'login.example/path', 'login.example?x', 'login.example#y'],
    ...['1.2.3', '0x7f.1', '127.1', '2130706433', '01.2.3.4', '.', '...', 'a..b', '.a', 'a..'],
    ...['login.example\\x', 'login.example, evil.example', 'a b', '"><script>', 'a%2Fb', 'é'],
  ])
    it(`is refused for the Host ${host}`, async (t) => {
      const { port } = await startProvider(t, { fixedIssuer: false })

      const { status, body } = await get(port, discovery, host)

      assert.equal(status, 400)
      assert.deepEqual(JSON.parse(body), {
        error: 'invalid_request',
        error_description: 'the host of the request is malformed',
      })
    })

  for (const path of [discovery, '/connect/token', '/connect/authorize', '/page'])
    it(`is refused at ${path}, and logged`, async (t) => {
      const { logger, lines } = collectLogs()
      const { app, port } = await startProvider(t, { fixedIssuer: false, logger })
      app.get('/page', (_req, res) => res.end())

      for (const second of ['evil.example', 'login.example']) {
        const { status, head } = await get(port, path, 'login.example', second)
        assert.equal(status, 400)
        assert.match(head, /^Cache-Control: no-store\r$/m)
      }

      const description = 'there are two Host headers'
      const fields = { outcome: 'invalid_request', description }
      const line = { level: 'info', fields, message: 'a request was refused' }
      assert.deepEqual(lines, [line, line])
    })

  it('is refused when a trusted proxy was asked for no host', async (t) => {
    const { request } = await startProvider(t, { fixedIssuer: false, trustProxy: 1 })

    const response = await request(discovery, { headers: { 'x-forwarded-host': 'evil.example/?' } })

    assert.equal(response.status, 400)
  })

  for (const basePath of ['', '/tenant'])
    it(`is refused when the whole address names another host, below "${basePath}"`, async (t) => {
      const { port } = await startProvider(t, { fixedIssuer: false, basePath })
      const path = basePath + discovery

      for (const [target, host] of [
        ['http://evil.example', 'login.example'],
        ['http://login.example:81', 'login.example'],
        ['http://login.example', 'login.example:81'],
        ['https://login.example', 'login.example:80'],
      ] as const)
        assert.equal((await get(port, target + path, host)).status, 400, target)

      for (const [target, host, issuer] of [
        ['http://LOGIN.example:80', 'login.example', 'http://login.example'],
        // TLS ends at a proxy, whose word for it is not taken.
        ['https://login.example:443', 'login.example:443', 'http://login.example:443'],
        ['https://login.example', 'login.example', 'http://login.example'],
        ['http://[::1]:5001', '[0:0:0:0:0:0:0:1]:5001', 'http://[::1]:5001'],
      ] as const) {
        const { body } = await get(port, target + path, host)
        assert.equal(JSON.parse(body).issuer, issuer + basePath)
      }
    })

  for (const [host, issuer] of [
    ['LOGIN.Example.', 'http://login.example.'],
    ['login_1.example:', 'http://login_1.example'],
    ['127.0.0.1:00080', 'http://127.0.0.1'],
    ['[::FFFF:127.0.0.1]', 'http://[::ffff:7f00:1]'],
  ] as const)
    it(`is not one that writes its host as ${host}`, async (t) => {
      const { port } = await startProvider(t, { fixedIssuer: false })

      const { body } = await get(port, discovery, host)

      assert.equal(JSON.parse(body).issuer, issuer)
    })

  it('does not matter when the issuer is configured', async (t) => {
    const { issuer, port } = await startProvider(t)

    const { body } = await get(port, discovery, 'login.example', 'evil.example')

    assert.equal(JSON.parse(body).issuer, issuer)
  })
})
