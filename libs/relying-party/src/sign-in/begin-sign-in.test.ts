import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { describe, it, type TestContext } from 'node:test'

import { browser } from '../../test-support/browser.ts'
import { type StartAppOptions, startApp } from '../../test-support/start-app.ts'
import { startFakeProvider } from '../../test-support/start-fake-provider.ts'

async function start(t: TestContext, options: Partial<StartAppOptions> = {}) {
  const provider = await startFakeProvider(t)
  return { provider, app: await startApp(t, { issuer: provider.url, ...options }) }
}

/** Asks for a target that `fetch` would tidy up first. */
function requestTarget(url: string, path: string, headers: Record<string, string> = {}) {
  const { hostname, port } = new URL(url)
  return new Promise<{ location: string; cookie: string; line: string }>((resolve, reject) => {
    httpRequest({ hostname, port, path, headers }, (response) => {
      response.resume()
      const [line = ''] = response.headers['set-cookie'] ?? []
      const [cookie = ''] = line.split(';')
      resolve({ location: response.headers.location ?? '', cookie, line })
    })
      .on('error', reject)
      .end()
  })
}

describe('sign-in, on the way to the provider', () => {
  it('asks for a code with state, nonce and PKCE, and no more', async (t) => {
    const { provider, app } = await start(t)

    const response = await browser().request(`${app.url}/secure`)

    assert.equal(response.status, 302)
    const url = new URL(response.headers.get('location') ?? '')
    assert.equal(url.origin + url.pathname, `${provider.url}/authorize`)
    const { state, nonce, code_challenge, ...others } = Object.fromEntries(url.searchParams)
    for (const random of [state, nonce, code_challenge]) assert.match(random ?? '', /^[\w-]{43}$/)
    assert.deepEqual(others, {
      client_id: 'client',
      redirect_uri: `${app.url}/signin-oidc`,
      response_type: 'code',
      scope: 'openid profile scope1 offline_access',
      code_challenge_method: 'S256',
    })
  })

  it('makes state, nonce and PKCE anew for each attempt', async (t) => {
    const { app } = await start(t)
    const user = browser()

    const [first, second] = await Promise.all(
      [1, 2].map(async () => {
        const { headers } = await user.request(`${app.url}/secure`)
        return new URL(headers.get('location') ?? '').searchParams
      }),
    )

    for (const name of ['state', 'nonce', 'code_challenge'])
      assert.notEqual(first?.get(name), second?.get(name), name)
  })

  it('keeps the attempt in a sealed cookie and creates no session for a stranger', async (t) => {
    const { app } = await start(t)
    const user = browser()

    const response = await user.request(`${app.url}/secure`)

    const state = new URL(response.headers.get('location') ?? '').searchParams.get('state')
    const [cookie, ...others] = user.cookies()
    assert.deepEqual(others, [])
    assert.equal(cookie?.name, `client.sign-in.${state}`)
    assert.match(
      cookie?.line ?? '',
      /; Max-Age=900; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    )
    assert.equal(cookie?.value.split('.').length, 5, 'a JWE')
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer')
  })

  it('keeps five attempts of a browser and drops the oldest', async (t) => {
    const { app } = await start(t)
    const user = browser()
    const callbacks: URL[] = []
    for (let count = 0; count < 6; count++)
      callbacks.push((await app.signInUpToCallback(user)).callback)

    assert.equal(user.cookies().length, 5)
    const [dropped, ...kept] = await Promise.all(
      callbacks.map(async (callback) => (await user.request(callback)).status),
    )
    assert.equal(dropped, 400)
    assert.deepEqual(kept, [302, 302, 302, 302, 302])
  })

  for (const [what, character, length] of [
    ['is as long as may be', 'a', 1_990],
    ['is too long', 'a', 8_000],
    ['gets longer in a URL', '"', 1_990],
    ['gets longer in JSON', '\\', 1_990],
  ] as const)
    it(`gives the browser a cookie that it keeps, when the path ${what}`, async (t) => {
      const { app } = await start(t, { baseUrl: 'https://app.example', trustProxy: 1 })
      const path = `/secure?${character.repeat(length)}`

      const { line } = await requestTarget(app.url, path, { 'X-Forwarded-Proto': 'https' })

      assert.match(line, /^__Host-client\.sign-in\./)
      assert.ok(line.length <= 4096, `${line.length} bytes`)
    })

  it('drops none whose name is not of ours', async (t) => {
    const { app } = await start(t)
    const Cookie = ['a b', 'b', 'c', 'd', 'e', 'f'].map((state) => `client.sign-in.${state}=x`)

    const response = await fetch(`${app.url}/secure`, {
      headers: { Cookie: Cookie.join('; ') },
      redirect: 'manual',
    })

    assert.equal(response.status, 302)
    assert.equal(response.headers.getSetCookie().length, 1, 'that of the new attempt')
  })

  it('goes by the configured address, whatever Host a request claims', async (t) => {
    const { app } = await start(t)

    const { location } = await requestTarget(app.url, '/secure', { Host: 'evil.example' })

    assert.equal(new URL(location).searchParams.get('redirect_uri'), `${app.url}/signin-oidc`)
  })

  for (const [target, expected] of [
    ['/secure?a=1&b=%2F', '/secure?a=1&b=%2F'],
    ['//evil.example/', '/'],
    ['/\\evil.example/', '/'],
    ['/.//evil.example/', '/'],
    ['http://evil.example/secure', '/'],
  ] as const) {
    it(`comes back to ${expected} for ${target}`, async (t) => {
      const { app } = await start(t)
      const { location, cookie } = await requestTarget(app.url, target)
      const atProvider = await fetch(location, { redirect: 'manual' })

      const callback = atProvider.headers.get('location') ?? ''
      const response = await fetch(callback, { redirect: 'manual', headers: { cookie } })

      assert.equal(response.headers.get('location'), expected)
    })
  }

  for (const [what, init] of [
    ['a form', { method: 'POST' }],
    ["a script's fetch", { headers: { 'Sec-Fetch-Dest': 'empty' } }],
  ] as const) {
    it(`answers ${what} with 401`, async (t) => {
      const { app, provider } = await start(t)

      const response = await browser().request(`${app.url}/secure`, init)

      assert.equal(response.status, 401)
      assert.equal(response.headers.get('www-authenticate'), 'Cookie cookie-name="client"')
      assert.equal(await response.text(), '')
      assert.deepEqual(provider.requests, [])
    })
  }

  it('sends a browser that says it opens a page', async (t) => {
    const { app } = await start(t)
    const headers = { 'Sec-Fetch-Dest': 'document' }

    assert.equal((await browser().request(`${app.url}/secure`, { headers })).status, 302)
  })

  describe('of an app on https', () => {
    const options = { baseUrl: 'https://app.example', trustProxy: 1 }

    it('uses Secure cookies that no other host can set', async (t) => {
      const { app } = await start(t, options)
      const user = browser()

      const response = await user.request(`${app.url}/secure`, {
        headers: { 'X-Forwarded-Proto': 'https' },
      })

      const url = new URL(response.headers.get('location') ?? '')
      assert.equal(url.searchParams.get('redirect_uri'), 'https://app.example/signin-oidc')
      const [{ name, line } = { name: '', line: '' }] = user.cookies()
      assert.match(name, /^__Host-client\.sign-in\./)
      assert.match(line, /; HttpOnly; Secure; SameSite=Lax$/)
    })

    it('says so when the proxy is not trusted, in place of sending the browser in circles', async (t) => {
      const { app } = await start(t, { ...options, trustProxy: 0 })

      const response = await browser().request(`${app.url}/secure`, {
        headers: { 'X-Forwarded-Proto': 'https' },
      })

      assert.equal(response.status, 500)
      assert.match(await response.text(), /trust proxy/)
    })
  })
})
