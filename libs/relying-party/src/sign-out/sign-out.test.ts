import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { browser } from '../../test-support/browser.ts'
import { startApp } from '../../test-support/start-app.ts'
import { answerWith, startFakeProvider } from '../../test-support/start-fake-provider.ts'
import type { UserSession } from '../sessions/sign-in.ts'

async function start(t: TestContext) {
  const provider = await startFakeProvider(t)
  const app = await startApp(t, { issuer: provider.url })
  const { user, response } = await app.signIn()
  return { provider, app, user, session: (await response.json()) as UserSession }
}

describe('sign-out', () => {
  it('ends the session here and goes to the provider', async (t) => {
    const { provider, app, user, session } = await start(t)
    const copied = browser()
    copied.setCookies(user.cookies())

    const response = await user.request(`${app.url}/logout`)

    assert.equal(response.status, 302)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer')
    const url = new URL(response.headers.get('location') ?? '')
    assert.equal(url.origin + url.pathname, `${provider.url}/endsession`)
    const { state, ...parameters } = Object.fromEntries(url.searchParams)
    assert.match(state ?? '', /^[\w-]{43}$/)
    assert.deepEqual(parameters, {
      client_id: 'client',
      id_token_hint: session.tokens.id_token,
      post_logout_redirect_uri: `${app.url}/signout-callback-oidc`,
    })
    assert.deepEqual(
      user.cookies().map(({ name }) => name),
      [`client.sign-out.${state}`],
    )
    assert.equal(await app.login.tokens.get(session.id), undefined)
    assert.deepEqual(await (await copied.request(app.url)).json(), { signedIn: false })
    assert.equal(
      (await copied.request(`${app.url}/secure`)).status,
      302,
      'a copied cookie is worth nothing',
    )
  })

  it('comes back to the home page', async (t) => {
    const { app, user } = await start(t)
    const { headers } = await user.request(`${app.url}/logout`)
    const state = new URL(headers.get('location') ?? '').searchParams.get('state')
    const callback = `${app.url}/signout-callback-oidc?state=${state}`

    const response = await user.request(callback)

    assert.equal(response.status, 302)
    assert.equal(response.headers.get('location'), '/')
    assert.deepEqual(user.cookies(), [])
  })

  it('leads home again who goes back to it, and who has never signed out', async (t) => {
    const { app, user, session } = await start(t)
    const copied = browser()
    copied.setCookies(user.cookies())
    const { headers } = await user.request(`${app.url}/logout`)
    const state = new URL(headers.get('location') ?? '').searchParams.get('state')
    const { user: other, response } = await app.signIn()
    const { id } = (await response.json()) as UserSession

    for (const visitor of [user, user, copied, other]) {
      const answer = await visitor.request(`${app.url}/signout-callback-oidc?state=${state}`)

      assert.equal(answer.status, 302)
      assert.equal(answer.headers.get('location'), '/')
    }

    assert.equal(await app.login.tokens.get(session.id), undefined)
    assert.notEqual(await app.login.tokens.get(id), undefined, 'it signed somebody out')
  })

  for (const query of ['', '?state=other', '?state=a&state=b'])
    it(`does not take ${query || 'nothing'} for the answer it waits for`, async (t) => {
      const { app, user } = await start(t)
      await user.request(`${app.url}/logout`)
      const waiting = user.cookies()

      const response = await user.request(`${app.url}/signout-callback-oidc${query}`)

      assert.equal(response.headers.get('location'), '/')
      assert.deepEqual(user.cookies(), waiting)
    })

  it('asks the provider also for who is not signed in here', async (t) => {
    const { app } = await start(t)

    const { headers } = await browser().request(`${app.url}/logout`)

    const url = new URL(headers.get('location') ?? '')
    assert.deepEqual([...url.searchParams.keys()].sort(), [
      'client_id',
      'post_logout_redirect_uri',
      'state',
    ])
  })

  it('stays here when the provider has no sign-out', async (t) => {
    const provider = await startFakeProvider(t)
    delete provider.metadata.end_session_endpoint
    const app = await startApp(t, { issuer: provider.url })
    const { user } = await app.signIn()

    const response = await user.request(`${app.url}/logout`)

    assert.equal(response.headers.get('location'), '/')
    assert.deepEqual(user.cookies(), [])
  })

  it('ends the session here also when the provider is down', async (t) => {
    const { provider, app, user, session } = await start(t)
    provider.instead.set('/.well-known/openid-configuration', answerWith(503, {}))
    const restarted = await startApp(t, { issuer: provider.url, dataFolder: app.dataFolder })

    const response = await user.request(`${restarted.url}/logout`)

    assert.equal(response.status, 503)
    assert.equal(await restarted.login.tokens.get(session.id), undefined)
    assert.deepEqual(user.cookies(), [])
  })

  for (const [what, headers, status] of [
    ['from a page of the app', { 'Sec-Fetch-Site': 'same-origin' }, 302],
    ['from the address bar', { 'Sec-Fetch-Site': 'none' }, 302],
    ['from another site', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['from another port', { 'Sec-Fetch-Site': 'same-site' }, 403],
    [
      'that is made in advance',
      { 'Sec-Fetch-Site': 'none', 'Sec-Purpose': 'prefetch;prerender' },
      403,
    ],
  ] as const) {
    it(`answers a request ${what} with ${status}`, async (t) => {
      const { app, user, session } = await start(t)

      const response = await user.request(`${app.url}/logout`, { headers })

      assert.equal(response.status, status)
      const isSignedOut = (await app.login.tokens.get(session.id)) === undefined
      assert.equal(isSignedOut, status === 302)
      if (status === 403) assert.match(await response.text(), /<a href="\/logout">Sign out<\/a>/)
    })
  }

  it('does not take place for a HEAD', async (t) => {
    const { app, user, session } = await start(t)

    const response = await user.request(`${app.url}/logout`, { method: 'HEAD' })

    assert.equal(response.status, 403)
    assert.notEqual(await app.login.tokens.get(session.id), undefined)
  })

  it('has revoked the refresh token by then', async (t) => {
    const { provider, app, user, session } = await start(t)
    let isAnswered = false
    provider.instead.set('/revoke', async (_req, res) => {
      // Longer than the rest of the sign-out takes.
      for (let n = 0; n < 5; n++) await fetch(app.url)
      isAnswered = true
      res.end()
    })

    await user.request(`${app.url}/logout`)
    assert.ok(isAnswered)
    await user.request(`${app.url}/logout`)

    assert.equal(provider.count('POST /revoke'), 1)
    assert.deepEqual(provider.last('POST /revoke')?.parameters, {
      token: session.tokens.refresh_token,
      token_type_hint: 'refresh_token',
    })
    assert.deepEqual(app.logged, [])
  })

  it('keeps nobody waiting for a token service that hangs, and revokes behind the answer', async (t) => {
    const { provider, app, user } = await start(t)
    const gate = Promise.withResolvers<void>()
    provider.instead.set('/revoke', async (_req, res) => {
      await gate.promise
      res.writeHead(503).end()
    })

    const response = await user.request(`${app.url}/logout`)

    assert.match(response.headers.get('location') ?? '', /\/endsession\?/)
    assert.deepEqual(app.logged, [], 'nobody has waited until it was given up')
    gate.resolve()
    await app.login.close()
    assert.match(app.logged.join(), /^the sign-out is done, but not all that belongs to it: /)
  })

  it('hands the tokens to whoever has to do with them', async (t) => {
    const { provider, app, user, session } = await start(t)
    const told: unknown[] = []
    app.login.onSignOut(async (id, tokens) => void told.push({ id, tokens }))

    await user.request(`${app.url}/logout`)
    assert.deepEqual(told, [{ id: session.id, tokens: session.tokens }])
    assert.equal(provider.count('POST /revoke'), 0)

    await user.request(`${app.url}/logout`)
    assert.equal(told.length, 1, 'there is nothing left to hand over')
  })

  it('goes on when that fails, and says so in one line', async (t) => {
    const { app, user } = await start(t)
    app.login.onSignOut(() => Promise.reject(new Error('no\nluck')))

    const response = await user.request(`${app.url}/logout`)

    assert.match(response.headers.get('location') ?? '', /\/endsession\?/)
    assert.deepEqual(app.logged, ['the sign-out is done, but not all that belongs to it: no luck'])
  })

  it('loses the race against no slow request: the session stays ended', async (t) => {
    const { app, user, session } = await start(t)
    const copied = browser()
    copied.setCookies(user.cookies())
    const { sessions } = app.storage
    const sid =
      decodeURIComponent(copied.cookies()[0]?.value ?? '')
        .slice(2)
        .split('.')[0] ?? ''
    const found = await new Promise<unknown>((resolve) =>
      sessions.get(sid, (_, data) => resolve(data)),
    )
    await user.request(`${app.url}/logout`)

    await new Promise((resolve) => sessions.set(sid, found as never, resolve))

    assert.equal((await copied.request(`${app.url}/secure`)).status, 302)
    assert.equal(await app.login.tokens.get(session.id), undefined)
  })
})
