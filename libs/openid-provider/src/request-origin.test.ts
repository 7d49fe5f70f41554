import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'

import { selfSignedCertificate } from '../test-support/self-signed-certificate.ts'
import { startProvider } from '../test-support/start-provider.ts'
import { requestOrigin } from './request-origin.ts'

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

      const response = await request('/.well-known/openid-configuration', {
        headers: { 'x-forwarded-proto': forwarded },
      })

      assert.equal((await response.json()).issuer, `${scheme}://127.0.0.1:${port}`)
    })
})
