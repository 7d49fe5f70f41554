import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'

import express from 'express'

import { securityHeaders } from './security-headers.ts'

async function readHeaders(t: TestContext, url: string, allowed?: string[]): Promise<Headers> {
  const app = express().use(securityHeaders(url, allowed))
  app.get('/', (_req, res) => {
    res.send('a page')
  })
  const server = app.listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return (await fetch(`http://127.0.0.1:${port}/`)).headers
}

describe('securityHeaders', () => {
  it('let a page load its stylesheet and icon, and nothing else', async (t) => {
    const headers = await readHeaders(t, 'http://localhost:44300')

    assert.equal(
      headers.get('content-security-policy'),
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    )
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
  })

  it('let a page do what its app allows in addition', async (t) => {
    const headers = await readHeaders(t, 'http://localhost:44300', ["script-src 'self'", 'a b'])

    const policy = headers.get('content-security-policy')
    assert.match(policy ?? '', /^default-src 'none'; .*; base-uri 'none'; script-src 'self'; a b$/)
  })

  it('insist on https only where there is https', async (t) => {
    const http = await readHeaders(t, 'http://localhost:44300')
    const https = await readHeaders(t, 'https://app.example')

    assert.equal(http.get('strict-transport-security'), null)
    assert.equal(https.get('strict-transport-security'), 'max-age=31536000')
  })
})
