import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { decodeJwt } from 'jose'

import { memoryClients, webClient } from '../../test-support/people.ts'
import { startSignIn } from '../../test-support/sign-in.ts'

const aCode = /^[\w-]{43}$/

describe('authorization endpoint', () => {
  for (const method of ['HEAD', 'PUT', 'DELETE', 'OPTIONS'])
    it(`does not take ${method}`, async (t) => {
      const { authorizeUrl } = await startSignIn(t)

      const { status, headers } = await fetch(authorizeUrl(), { method })

      assert.equal(status, 405)
      assert.equal(headers.get('allow'), 'GET, POST')
      assert.equal(headers.get('cache-control'), 'no-store')
    })

  it('takes a form, and signs in the user whom the form came without', async (t) => {
    const { signIn, authorizeUrl, issuer } = await startSignIn(t)
    const { browser } = await signIn()
    const { searchParams } = new URL(authorizeUrl({ state: 's' }))

    // A form that another site posts comes without the session's cookie, which is SameSite=Lax.
    const posted = await fetch(`${issuer}/connect/authorize`, {
      method: 'POST',
      body: searchParams,
      redirect: 'manual',
    })
    const { parameters } = await browser.open(posted.headers.get('location') ?? '')

    assert.equal(posted.status, 303)
    assert.match(parameters.code ?? '', aCode)
    assert.equal(parameters.state, 's')
  })

  it('takes the parameters of a form from its body alone', async (t) => {
    const { openBrowser, authorizeUrl } = await startSignIn(t)

    const { body } = await openBrowser().browser.open(authorizeUrl(), {
      method: 'POST',
      body: new URLSearchParams({ state: 's' }),
    })

    assert.equal(JSON.parse(body).errorDescription, 'client_id is missing')
  })

  for (const [what, type, body] of [
    ['JSON', 'application/json', '{}'],
    ['nothing', undefined, undefined],
    ['a broken percent-escape', 'application/x-www-form-urlencoded', 'state=%'],
  ] as const)
    it(`shows an error page to whoever posts ${what}`, async (t) => {
      const { openBrowser } = await startSignIn(t)

      const { url, body: page } = await openBrowser().browser.open('/connect/authorize', {
        method: 'POST',
        ...(type !== undefined && { headers: { 'content-type': type }, body }),
      })

      assert.equal(url.pathname, '/error')
      assert.equal(JSON.parse(page).error, 'invalid_request')
    })

  it('has no CORS: scripts of other sites do not call it', async (t) => {
    const { authorizeUrl } = await startSignIn(t)

    const headers = { origin: 'https://app.example' }
    const response = await fetch(authorizeUrl(), { headers, redirect: 'manual' })

    assert.equal(response.headers.get('access-control-allow-origin'), null)
  })

  it('redirects with 303, so that a form is never posted on', async (t) => {
    const { authorizeUrl, signIn, issuer } = await startSignIn(t)
    const { landing } = await signIn()

    const toLogin = await fetch(authorizeUrl(), { redirect: 'manual' })
    const toError = await fetch(`${issuer}/connect/authorize`, { redirect: 'manual' })

    assert.deepEqual([landing.status, toLogin.status, toError.status], [303, 303, 303])
  })

  it('gives pages a reference to the request, and nothing of the request', async (t) => {
    const { authorizeUrl } = await startSignIn(t)

    const response = await fetch(authorizeUrl({ state: 'secret' }), { redirect: 'manual' })

    assert.match(
      response.headers.get('location') ?? '',
      /^\/account\/login\?returnUrl=%2Fconnect%2Fauthorize%2Fcallback%3Fid%3D[\w-]{43}$/,
    )
  })

  for (const [what, changes] of [
    ['an error', { scope: 'nope' }],
    ['the error page', { client_id: 'nope' }],
    ['the login page', {}],
  ] as const)
    it(`forbids caches to keep the way to ${what}`, async (t) => {
      const { authorizeUrl } = await startSignIn(t)

      const { headers } = await fetch(authorizeUrl(changes), { redirect: 'manual' })

      assert.equal(headers.get('cache-control'), 'no-store')
      assert.equal(headers.get('referrer-policy'), 'no-referrer')
    })

  it('issues a code for each request', async (t) => {
    const { signIn } = await startSignIn(t)
    const { code, authorize } = await signIn()

    const { parameters } = await authorize()

    assert.notEqual(parameters.code, code)
  })
})

describe('authorization request that waited for its user', () => {
  it('is answered once', async (t) => {
    const { openBrowser } = await startSignIn(t)
    const { authorize, logIn, browser } = openBrowser()
    const page = await authorize()
    await logIn(page)

    const again = await browser.open(page.parameters.returnUrl ?? '')

    assert.equal(again.url.pathname, '/error')
    assert.equal(
      JSON.parse(again.body).errorDescription,
      'the request was answered, or has expired',
    )
  })

  it('is refused by the registration as it is now', async (t) => {
    const clients = memoryClients({ ...webClient, clientId: 'web' })
    const { openBrowser } = await startSignIn(t, { clients })
    const { authorize, logIn } = openBrowser()
    const page = await authorize()

    clients.put({ ...webClient, clientId: 'web', redirectUris: ['https://app.example/new'] })
    const { url } = await logIn(page)

    assert.equal(url.pathname, '/error')
  })

  it('is not found by an id that is no id', async (t) => {
    const { openBrowser } = await startSignIn(t)
    const { browser } = openBrowser()

    for (const id of ['', 'x', 'x'.repeat(200), '../../etc'])
      assert.equal(
        (await browser.open(`/connect/authorize/callback?id=${id}`)).url.pathname,
        '/error',
      )
  })
})

describe('a provider that is mounted at a path', () => {
  for (const fixedIssuer of [true, false])
    it(`leads through its pages and back, ${fixedIssuer ? 'with an issuer' : 'taking the issuer from the request'}`, async (t) => {
      const { signIn, redeem, issuer } = await startSignIn(t, { basePath: '/tenant', fixedIssuer })

      const { code, landing, logOut, authorize } = await signIn()

      assert.equal(landing.parameters.iss, issuer)
      assert.equal(decodeJwt((await (await redeem(code)).json()).id_token).iss, issuer)
      await logOut()
      assert.equal((await authorize()).url.pathname, '/tenant/account/login')
    })

  it('leads there when a form was posted too', async (t) => {
    const { openBrowser, authorizeUrl, issuer } = await startSignIn(t, { basePath: '/tenant' })
    const body = new URL(authorizeUrl()).searchParams

    const { url } = await openBrowser().browser.open(`${issuer}/connect/authorize`, {
      method: 'POST',
      body,
    })

    assert.equal(url.pathname, '/tenant/account/login')
  })

  it('has its error page below that path', async (t) => {
    const { openBrowser } = await startSignIn(t, { basePath: '/tenant' })

    const { url } = await openBrowser().authorize({ client_id: 'nope' })

    assert.equal(url.pathname, '/tenant/error')
  })
})
