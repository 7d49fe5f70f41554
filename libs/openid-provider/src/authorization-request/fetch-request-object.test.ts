import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'

import { signingClients, signRequest } from '../../test-support/request-object.ts'
import { redirect_uri, startSignIn } from '../../test-support/sign-in.ts'
import type { ProviderOptions } from '../provider-options.ts'

const mediaType = { 'Content-Type': 'application/oauth-authz-req+jwt' }
const bare = {
  response_type: undefined,
  redirect_uri: undefined,
  scope: undefined,
  code_challenge: undefined,
  code_challenge_method: undefined,
  client_id: 'jar',
}

/** A client's server, and a token service that may fetch from it what `mode` allows. */
async function start(
  t: TestContext,
  mode: ProviderOptions['requestUriParameter'],
  listener: RequestListener,
  registered?: string,
) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => server.closeAllConnections())
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const request_uri = registered ?? `http://127.0.0.1:${port}/request`

  const clients = signingClients.map((client) => ({ ...client, requestUris: [request_uri] }))
  const started = await startSignIn(t, { clients, options: { requestUriParameter: mode } })
  const browser = started.openBrowser()
  return {
    ...browser,
    issuer: started.issuer,
    present: (uri = request_uri) => browser.authorize({ ...bare, request_uri: uri }),
  }
}

const never: RequestListener = () => assert.fail('nothing was to be fetched')

describe('request_uri', () => {
  it('is fetched when it is registered and the host allows it', async (t) => {
    const { issuer, present, logIn } = await start(t, 'anyAddress', async (req, res) => {
      assert.equal(req.headers.accept, 'application/oauth-authz-req+jwt, application/jwt')
      res.writeHead(200, mediaType).end(await signRequest(issuer))
    })

    const landing = await logIn(await present())

    assert.equal(landing.url.origin + landing.url.pathname, redirect_uri)
    assert.equal(landing.parameters.state, 'signed')
  })

  it('is not supported by default', async (t) => {
    const { present } = await start(t, 'refused', never)

    const { body } = await present()

    assert.equal(JSON.parse(body).error, 'request_uri_not_supported')
  })

  it('is not fetched when it is not registered', async (t) => {
    const { present } = await start(t, 'anyAddress', never)

    const { body } = await present('http://127.0.0.1:1/other')

    assert.equal(
      JSON.parse(body).errorDescription,
      'request_uri is not one that the client registered',
    )
  })

  for (const uri of [
    'http://app.example/r',
    'https://127.0.0.1/r',
    'https://[::1]/r',
    'https://[::ffff:127.0.0.1]/r',
    'https://10.0.0.1/r',
    'https://169.254.169.254/r',
    'https://203.0.113.7/r',
    'https://[fd00::1]/r',
    'https://[64:ff9b:1::a00:1]/r',
    'https://2130706433/r',
    'https://localhost/r',
  ])
    it(`leads nowhere but to public addresses over https: ${uri}`, async (t) => {
      const { present } = await start(t, 'publicAddress', never, uri)

      const { body } = await present(uri)

      assert.equal(JSON.parse(body).error, 'invalid_request_uri')
    })

  for (const [problem, listener] of [
    ['an error', (_req, res) => res.writeHead(404, mediaType).end('x')],
    ['a redirect', (_req, res) => res.writeHead(302, { ...mediaType, Location: '/x' }).end()],
    [
      'another media type',
      (_req, res) => res.writeHead(200, { 'Content-Type': 'text/html' }).end(),
    ],
    ['too much', (_req, res) => res.writeHead(200, mediaType).end('x'.repeat(51_201))],
    ['no answer', (_req, res) => res.destroy()],
  ] as [string, RequestListener][])
    it(`is refused when it leads to ${problem}`, async (t) => {
      const { present } = await start(t, 'anyAddress', listener)

      const { body } = await present()

      assert.equal(JSON.parse(body).error, 'invalid_request_uri')
    })
})
