import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { AuthorizationError, type FormParameters } from '@basics/protocol'

import { collectLogs } from '../../test-support/collect-logs.ts'
import { webClient } from '../../test-support/people.ts'
import { mutationsOf, rewritesOf } from '../../test-support/redirect-uri-mutations.ts'
import { startSignIn } from '../../test-support/sign-in.ts'
import { registerClient } from '../model/register-client.ts'
import { readResponseTarget } from './redirect-uri.ts'

function clientWith(...redirectUris: string[]) {
  return { clients: [{ ...webClient, clientId: 'web', redirectUris }] }
}

const registrations = [
  'https://app.example/cb',
  'https://app.example/cb?tenant=1',
  'http://127.0.0.1:8080/cb',
  'http://[::1]/cb',
  'http://localhost:8080/cb',
  'com.example.app:/cb',
]

const options = { allowUnregisteredPushedRedirectUris: true }
const plain = (parameters: FormParameters) => ({ parameters, isSigned: false, isPushed: false })

describe('redirect_uri', () => {
  for (const registered of registrations)
    it(`proves no unregistered URI, whatever is done to ${registered}`, () => {
      const client = registerClient({ ...webClient, clientId: 'web', redirectUris: [registered] })
      const mutations = mutationsOf(registered).filter((uri) => !differsInPort(uri, registered))
      assert.ok(mutations.length > 800, `${mutations.length} mutations`)

      for (const redirect_uri of mutations)
        assert.throws(
          () => readResponseTarget(plain({ redirect_uri }), client, options),
          AuthorizationError,
          JSON.stringify(redirect_uri),
        )
    })

  for (const [registered, way, method, response_mode] of [
    ['https://app.example/cb', 'asked for by a link', 'GET', undefined],
    ['https://app.example/cb', 'asked for by a form', 'POST', undefined],
    ['https://app.example/cb', 'to be posted to', 'GET', 'form_post'],
    ['http://127.0.0.1/cb', 'asked for by a link', 'GET', undefined],
  ] as const)
    it(`sends no response to an unregistered URI ${way}, whatever is done to ${registered}`, async (t) => {
      const { issuer, authorizeUrl } = await startSignIn(t, clientWith(registered))
      const mutations = rewritesOf(registered).filter((uri) => !differsInPort(uri, registered))
      assert.ok(mutations.length > 100, `${mutations.length} mutations`)

      await inParallel(mutations, async (redirect_uri) => {
        const link = authorizeUrl({ redirect_uri, response_mode, prompt: 'none' })
        const form = `${issuer}/connect/authorize`
        const response =
          method === 'GET'
            ? await fetch(link, { redirect: 'manual' })
            : await fetch(form, { method, body: new URL(link).searchParams, redirect: 'manual' })
        const where = JSON.stringify(redirect_uri)
        assert.equal(response.status, 303, where)
        const location = response.headers.get('location') ?? ''
        assert.match(location, /^\/error\?errorId=[\w-]{43}$/, where)
      })
    })

  it('is compared with the registrations of this client alone', async (t) => {
    const other = { ...webClient, clientId: 'other', redirectUris: ['https://other.example/cb'] }
    const { clients } = clientWith('https://app.example/cb')
    const { openBrowser } = await startSignIn(t, { clients: [...clients, other] })

    const { url } = await openBrowser().authorize({ redirect_uri: 'https://other.example/cb' })

    assert.equal(url.pathname, '/error')
  })

  it('is explained to the error page, bounded, and shorter to the log, when it is not registered', async (t) => {
    const redirectUris = Array.from({ length: 12 }, (_, index) => `https://app.example/${index}`)
    const { logger, lines } = collectLogs()
    const { openBrowser } = await startSignIn(t, { ...clientWith(...redirectUris), logger })
    const requested = 'https://evil.example/<b>\u001b\n\u202e\u2028\u00e9'

    const { body } = await openBrowser().authorize({ redirect_uri: requested.padEnd(500, 'x') })

    const explanation = {
      reason: 'unregistered_redirect_uri',
      requested: 'https://evil.example/<b>?????'.padEnd(400, 'x'),
      registered: redirectUris.slice(0, 10),
    }
    assert.deepEqual(JSON.parse(body).explanation, explanation)
    assert.deepEqual(lines[0]?.fields.explanation, { ...explanation, registered: 12 })
    const shown = [JSON.stringify(lines), body].map((text) => text.split('evil.example').length - 1)
    assert.deepEqual(shown, [1, 1])
  })

  it('is needed, even when the client has but one', async (t) => {
    const { openBrowser } = await startSignIn(t)

    const { body } = await openBrowser().authorize({ redirect_uri: undefined })

    assert.equal(JSON.parse(body).errorDescription, 'redirect_uri is missing')
  })

  for (const [registered, requested] of [
    ['http://127.0.0.1/cb', 'http://127.0.0.1:51004/cb'],
    ['http://127.0.0.1:8080/cb', 'http://127.0.0.1/cb'],
    ['http://127.0.0.1:8080/cb?x=1', 'http://127.0.0.1:65535/cb?x=1'],
    ['http://[::1]/cb', 'http://[::1]:51004/cb'],
    ['http://127.0.0.1', 'http://127.0.0.1:51004'],
  ] as const)
    it(`may have any port at a loopback address: ${requested} for ${registered}`, async (t) => {
      const { openBrowser } = await startSignIn(t, clientWith(registered))

      const { url } = await openBrowser().authorize({ redirect_uri: requested, prompt: 'none' })

      assert.equal(url.host, new URL(requested).host)
    })
})

async function inParallel<T>(all: readonly T[], step: (one: T) => Promise<void>): Promise<void> {
  const batch = 50
  for (let start = 0; start < all.length; start += batch)
    await Promise.all(all.slice(start, start + batch).map(step))
}

/** What is allowed: another port at the same loopback address. */
function differsInPort(uri: string, registered: string): boolean {
  return withoutPort(uri) === withoutPort(registered)
}

function withoutPort(uri: string): string {
  const [, origin, port = '80', path = ''] =
    /^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::([1-9]\d*))?(\/.*)?$/s.exec(uri) ?? []
  return origin === undefined || Number(port) > 65_535 ? uri : origin + path
}
