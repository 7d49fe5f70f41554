import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createCodeChallenge } from '@basics/protocol'

import { webClient } from '../../test-support/people.ts'
import { signingClients, signRequest } from '../../test-support/request-object.ts'
import { code_verifier, redirect_uri, startSignIn } from '../../test-support/sign-in.ts'

const request = {
  response_type: 'code',
  redirect_uri,
  scope: 'openid',
  state: 'pushed',
  code_challenge: createCodeChallenge(code_verifier),
  code_challenge_method: 'S256',
}

const clients = [
  ...signingClients,
  { ...webClient, clientId: 'par', requirePushedAuthorization: true },
  { ...webClient, clientId: 'short', pushedAuthorizationLifetime: 5 },
  { ...webClient, clientId: 'public', clientSecrets: [], requireClientSecret: false },
]

/** What travels with a reference: everything else is left out. */
const bare = {
  response_type: undefined,
  redirect_uri: undefined,
  scope: undefined,
  code_challenge: undefined,
  code_challenge_method: undefined,
}

async function start(
  t: Parameters<typeof startSignIn>[0],
  setup: Parameters<typeof startSignIn>[1] = {},
) {
  const started = await startSignIn(t, { clients, ...setup })
  const { pushRequest, openBrowser } = started
  return {
    ...started,
    push: (changes: Record<string, string> = {}, caller = { client_id: 'par' }) =>
      pushRequest({ ...request, ...changes }, caller),
    /** A browser that is sent with a reference. */
    async present(request_uri: string, client_id = 'par', beside = {}) {
      const browser = openBrowser()
      const page = await browser.authorize({ ...bare, client_id, request_uri, ...beside })
      return { ...browser, page }
    },
  }
}

describe('pushed authorization request', () => {
  it('is answered with 201 and a reference for ten minutes, not to be cached', async (t) => {
    const { push } = await start(t)

    const response = await push()

    assert.equal(response.status, 201)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    const { request_uri, expires_in, ...rest } = await readReference(response)
    assert.match(request_uri, /^urn:ietf:params:oauth:request_uri:[\w-]{43}$/)
    assert.equal(expires_in, 600)
    assert.deepEqual(rest, {})
  })

  it('is what the browser then asks for, through the login page and back', async (t) => {
    const { push, present } = await start(t)
    const { request_uri } = await readReference(await push())

    const { logIn, page } = await present(request_uri)
    const landing = await logIn(page)

    assert.equal(landing.url.origin + landing.url.pathname, redirect_uri)
    assert.equal(landing.parameters.state, 'pushed')
    assert.ok(landing.parameters.code)
  })

  it('counts for more than what the browser brings beside the reference', async (t) => {
    const { push, present } = await start(t)
    const { request_uri } = await readReference(await push())
    const beside = { redirect_uri: 'https://evil.example/cb', state: 'forged', scope: 'scope1' }

    const { logIn, page } = await present(request_uri, 'par', beside)
    const landing = await logIn(page)

    assert.equal(landing.url.origin + landing.url.pathname, redirect_uri)
    assert.equal(landing.parameters.state, 'pushed')
  })

  it('is good for one use', async (t) => {
    const { push, present } = await start(t)
    const { request_uri } = await readReference(await push())

    await present(request_uri)
    const { page } = await present(request_uri)

    assert.equal(page.url.pathname, '/error')
    assert.equal(JSON.parse(page.body).error, 'invalid_request_uri')
  })

  it('is of no use to another client', async (t) => {
    const { push, present } = await start(t)
    const { request_uri } = await readReference(await push())

    const { page } = await present(request_uri, 'web')

    assert.equal(page.url.pathname, '/error')
    assert.equal(JSON.parse(page.body).error, 'invalid_request_uri')
  })

  it('expires, sooner for a client that says so', async (t) => {
    let now = Date.now()
    const { push, present } = await start(t, { now: () => now })
    const { request_uri, expires_in } = await readReference(await push({}, { client_id: 'short' }))

    now += 6_000
    const { page } = await present(request_uri, 'short')

    assert.equal(expires_in, 5)
    assert.equal(JSON.parse(page.body).error, 'invalid_request_uri')
  })

  it('is unknown when it was never pushed', async (t) => {
    const { present } = await start(t)

    const { page } = await present('urn:ietf:params:oauth:request_uri:nope')

    assert.equal(JSON.parse(page.body).error, 'invalid_request_uri')
  })

  it('needs client authentication', async (t) => {
    const { postForm } = await start(t)

    const response = await postForm(
      '/connect/par',
      new URLSearchParams({ ...request, client_id: 'par' }),
    )

    assert.equal(response.status, 401)
    assert.equal((await response.json()).error, 'invalid_client')
  })

  it('may come from a public client, which says who it is', async (t) => {
    const { postForm } = await start(t)

    const response = await postForm(
      '/connect/par',
      new URLSearchParams({ ...request, client_id: 'public' }),
    )

    assert.equal(response.status, 201)
  })

  it('is refused when it names another client than the one that authenticated', async (t) => {
    const { push } = await start(t)

    const response = await push({ client_id: 'web' })

    assert.equal(response.status, 401)
    assert.equal((await response.json()).error, 'invalid_client')
  })

  for (const [problem, changes, error] of [
    ['a request_uri', { request_uri: 'urn:ietf:params:oauth:request_uri:a' }, 'invalid_request'],
    ['an unregistered redirect_uri', { redirect_uri: 'https://evil.example' }, 'invalid_request'],
    ['an unknown response_type', { response_type: 'x' }, 'unsupported_response_type'],
    ['an unknown scope', { scope: 'openid nope' }, 'invalid_scope'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a broken request object', { request: 'nonsense' }, 'invalid_request_object'],
  ] as const)
    it(`is refused at once, with 400, for ${problem}`, async (t) => {
      const { push } = await start(t)

      const response = await push(changes)

      assert.equal(response.status, 400)
      assert.equal((await response.json()).error, error)
    })

  it('lets nothing pass that was not pushed, of a client that has to push', async (t) => {
    const { openBrowser } = await start(t)

    const { url } = await openBrowser().authorize({ client_id: 'par' })

    assert.equal(url.searchParams.get('error_description'), 'the client has to push its requests')
  })

  it('lets nothing pass that was not pushed, of any client, if the host says so', async (t) => {
    const { openBrowser } = await start(t, { options: { requirePushedAuthorization: true } })

    const { url } = await openBrowser().authorize({ client_id: 'web' })

    assert.equal(url.searchParams.get('error_description'), 'the client has to push its requests')
  })

  describe('with a redirect URI that is not registered', () => {
    const options = { allowUnregisteredPushedRedirectUris: true }
    const unregistered = { redirect_uri: 'https://tenant1.app.example/cb' }

    it('is taken from a client that has authenticated, if the host allows it', async (t) => {
      const { push, present } = await start(t, { options })
      const { request_uri } = await readReference(await push(unregistered))

      const { logIn, page } = await present(request_uri)
      const landing = await logIn(page)

      assert.equal(landing.url.origin, 'https://tenant1.app.example')
    })

    it('is refused from a public client', async (t) => {
      const { postForm } = await start(t, { options })

      const response = await postForm(
        '/connect/par',
        new URLSearchParams({ ...request, ...unregistered, client_id: 'public' }),
      )

      assert.equal(response.status, 400)
    })

    it('is refused when nothing is safe about it', async (t) => {
      const { push } = await start(t, { options })

      const response = await push({ redirect_uri: 'javascript:alert(1)' })

      assert.equal(response.status, 400)
    })

    it('is refused when it was not pushed', async (t) => {
      const { openBrowser } = await start(t, { options })

      const { url } = await openBrowser().authorize({ client_id: 'web', ...unregistered })

      assert.equal(url.pathname, '/error')
    })
  })

  describe('as a request object', () => {
    it('carries what was signed, and nothing beside it', async (t) => {
      const { pushRequest, present, issuer } = await start(t)
      const beside = { redirect_uri: 'https://evil.example/cb', state: 'forged' }
      const signed = { request: await signRequest(issuer), ...beside }
      const response = await pushRequest(signed, { client_id: 'jar' })
      const { request_uri } = await readReference(response)

      const { logIn, page } = await present(request_uri, 'jar')
      const landing = await logIn(page)

      assert.equal(landing.url.origin + landing.url.pathname, redirect_uri)
      assert.equal(landing.parameters.state, 'signed')
    })

    it('is refused when it is of another client', async (t) => {
      const { pushRequest, issuer } = await start(t)

      const response = await pushRequest(
        { request: await signRequest(issuer) },
        { client_id: 'other' },
      )

      assert.equal((await response.json()).error, 'invalid_request_object')
    })
  })
})

async function readReference(response: Response) {
  return (await response.json()) as { request_uri: string; expires_in: number }
}
