import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import express, { type Request } from 'express'
import session from 'express-session'
import { ClientSecretBasic } from 'openid-client'

import { browser } from '../test-support/browser.ts'
import { type StartAppOptions, startApp, temporaryFolder } from '../test-support/start-app.ts'
import { answerWith, startFakeProvider } from '../test-support/start-fake-provider.ts'
import { relyingParty } from './relying-party.ts'
import type { UserSession } from './sessions/sign-in.ts'
import { sqliteSessions } from './sessions/sqlite-sessions.ts'

async function start(t: TestContext, options: Partial<StartAppOptions> = {}) {
  const provider = await startFakeProvider(t)
  return { provider, app: await startApp(t, { issuer: provider.url, ...options }) }
}

describe('a session', () => {
  it('survives a restart of the app', async (t) => {
    const { provider, app } = await start(t)
    const { user, response } = await app.signIn()
    const before = (await response.json()) as UserSession

    const { dataFolder } = app
    const restarted = await startApp(t, { issuer: provider.url, dataFolder })
    const after = await user.request(`${restarted.url}/secure`)

    assert.equal(after.status, 200)
    assert.deepEqual(await after.json(), before)
  })

  it('also begun before the restart, a sign-in is completed after it', async (t) => {
    const { provider, app } = await start(t)
    const { user, callback } = await app.signInUpToCallback()
    const { dataFolder } = app
    const restarted = await startApp(t, { issuer: provider.url, dataFolder, baseUrl: app.url })

    const response = await user.request(restarted.url + callback.pathname + callback.search)

    assert.equal(response.headers.get('location'), '/secure')
    // Not the address at which it listens.
    const { redirect_uri } = provider.last('POST /token')?.parameters ?? {}
    assert.equal(redirect_uri, `${app.url}/signin-oidc`)
  })

  it('ends after 8 hours, however busy it is', async (t) => {
    const { app } = await start(t)
    const { user } = await app.signIn()

    for (const seconds of [4 * 3600, 8 * 3600 - 2]) {
      app.clock.seconds = seconds
      assert.equal((await user.request(`${app.url}/secure`)).status, 200)
    }
    app.clock.seconds = 8 * 3600 + 1
    assert.equal((await user.request(`${app.url}/secure`)).status, 302)
    assert.deepEqual(await (await user.request(app.url)).json(), { signedIn: false })
  })

  it('ends also where the session store never forgets', async (t) => {
    const storage = sqliteSessions(join(temporaryFolder(t), 'sessions.sqlite'))
    const sessionStorage = { ...storage, sessions: new session.MemoryStore() }
    const { app } = await start(t, { sessionLifetime: 60, sessionStorage })
    const { user } = await app.signIn()

    app.clock.seconds = 58
    assert.deepEqual(await (await user.request(app.url)).json(), { signedIn: true })
    app.clock.seconds = 61
    assert.deepEqual(await (await user.request(app.url)).json(), { signedIn: false })
  })

  it('is told to pages that are open to all', async (t) => {
    const { app } = await start(t)
    const { user } = await app.signIn()

    assert.deepEqual(await (await user.request(app.url)).json(), { signedIn: true })
    assert.deepEqual(await (await browser().request(app.url)).json(), { signedIn: false })
  })

  it('has ended when its tokens are gone, for every page alike', async (t) => {
    const { app } = await start(t)
    const { user, response } = await app.signIn()
    await app.login.tokens.take(((await response.json()) as UserSession).id)

    assert.deepEqual(await (await user.request(app.url)).json(), { signedIn: false })
    assert.equal((await user.request(`${app.url}/secure`)).status, 302)
  })

  it('is not given to a route that requires none', async (t) => {
    const { app } = await start(t)
    const { user } = await app.signIn()

    const response = await user.request(`${app.url}/unprotected`)

    assert.equal(await response.text(), 'unexpected: no sign-in was required on this route')
  })

  it('needs the routes', async (t) => {
    const { app } = await start(t)

    assert.throws(() => app.login.isSignedIn(express.request as Request), /app.use\(login.routes\)/)
  })
})

describe('a session that the app ends', () => {
  it('is gone, and the next request signs in again', async (t) => {
    const { provider, app } = await start(t)
    const { user, response } = await app.signIn()
    const { id, tokens } = (await response.json()) as UserSession
    const copied = browser()
    copied.setCookies(user.cookies())

    assert.deepEqual(await (await user.request(`${app.url}/end`)).json(), { signedIn: false })
    assert.equal(await app.login.tokens.get(id), undefined)

    for (const { request } of [user, copied]) {
      assert.deepEqual(await (await request(app.url)).json(), { signedIn: false })
      assert.equal((await request(`${app.url}/secure`)).status, 302)
    }
    await app.login.close()
    assert.equal(provider.last('POST /revoke')?.parameters.token, tokens.refresh_token)
  })
})

describe('a refresh by the app', () => {
  it('changes the tokens of the session', async (t) => {
    const { app } = await start(t)
    const { user, response } = await app.signIn()
    const before = (await response.json()) as UserSession

    const after = (await (await user.open(`${app.url}/refresh`)).response.json()) as UserSession

    assert.equal(after.version, 2)
    assert.equal(after.tokens.access_token, 'access-2')
    assert.equal(after.tokens.refresh_token, 'refresh-2')
    assert.equal(after.tokens.id_token, before.tokens.id_token)
  })

  for (const [what, init] of [
    ['from another site', { headers: { 'Sec-Fetch-Site': 'cross-site' } }],
    ['made in advance', { headers: { 'Sec-Purpose': 'prefetch' } }],
  ] as const)
    it(`is not done for a request ${what}, which gets a page to go on from`, async (t) => {
      const { app, provider } = await start(t)
      const { user } = await app.signIn()

      const response = await user.request(`${app.url}/refresh?a=b`, init)

      assert.equal(response.status, 403)
      assert.match(await response.text(), /<a href="\/refresh\?a=b">Go on<\/a>/)
      assert.equal(provider.count('POST /token'), 1)
    })

  it('is not done for a HEAD', async (t) => {
    const { app, provider } = await start(t)
    const { user } = await app.signIn()

    assert.equal((await user.request(`${app.url}/refresh`, { method: 'HEAD' })).status, 403)
    assert.equal(provider.count('POST /token'), 1)
  })

  it('that fails is shown as a page, and changes nothing', async (t) => {
    const { app, provider } = await start(t)
    const { user } = await app.signIn()
    provider.instead.set('/token', answerWith(400, { error: 'invalid_grant' }))

    const response = await user.request(`${app.url}/refresh`)

    assert.equal(response.status, 502)
    assert.match(await response.text(), /invalid_grant/)
    assert.equal((await user.request(`${app.url}/secure`)).status, 200)
  })

  it('that fails for reasons of its own is none of our problems', async (t) => {
    const { app } = await start(t)
    const { user } = await app.signIn()
    app.login.tokens.replace = () => Promise.reject(new Error('disk full'))

    const response = await user.request(`${app.url}/refresh`)

    assert.equal(response.status, 500)
    assert.equal(await response.text(), 'unexpected: disk full')
    assert.deepEqual(app.logged, [])
  })
})

describe('an option', () => {
  for (const [what, options] of [
    ['issuer', { issuer: 'localhost:5001' }],
    ['baseUrl', { baseUrl: 'ftp://localhost' }],
    ['baseUrl', { baseUrl: 'http://localhost/app' }],
    ['scope', { scope: 'profile openid2' }],
  ] satisfies [string, Partial<StartAppOptions>][]) {
    it(`${what} cannot be ${Object.values(options)}`, (t) => {
      assert.throws(
        () =>
          relyingParty({
            issuer: 'http://localhost:1',
            baseUrl: 'http://localhost:2',
            clientId: 'client',
            clientAuthentication: ClientSecretBasic('secret'),
            scope: 'openid',
            dataFolder: temporaryFolder(t),
            ...options,
          }),
        { name: 'TypeError', message: new RegExp(`^${what} must`) },
      )
    })
  }

  it('renderProblem draws the pages, for who is signed in and who is not', async (t) => {
    const { app } = await start(t, {
      renderProblem: ({ status }, { signedIn }) => `my own ${status}, signed in: ${signedIn}`,
    })
    const { user } = await app.signIn()

    const response = await browser().request(`${app.url}/signin-oidc`)
    const other = await user.request(`${app.url}/signin-oidc`)

    assert.equal(await response.text(), 'my own 400, signed in: false')
    assert.equal(await other.text(), 'my own 400, signed in: true')
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
  })

  it('authorizationRequest decides how the request travels', async (t) => {
    const sent: Readonly<Record<string, string>>[] = []
    const { app } = await start(t, {
      async authorizationRequest(parameters, provider) {
        sent.push(parameters)
        return new URL(`${provider.serverMetadata().issuer}/authorize?request_uri=pushed`)
      },
    })

    const response = await browser().request(`${app.url}/secure`)

    assert.match(response.headers.get('location') ?? '', /\/authorize\?request_uri=pushed$/)
    assert.deepEqual(Object.keys(sent[0] ?? {}).sort(), [
      'code_challenge',
      'code_challenge_method',
      'nonce',
      'redirect_uri',
      'scope',
      'state',
    ])
  })

  it('clientId names the cookies, so that apps side by side do not sign each other out', async (t) => {
    const { provider, app } = await start(t)
    const other = await startApp(t, { issuer: provider.url, clientId: 'other app;' })
    const { user } = await app.signIn()
    provider.idToken = { aud: 'other app;' }
    await other.signIn(user)

    assert.deepEqual(
      user
        .cookies()
        .map(({ name }) => name)
        .sort(),
      ['client', 'other-app-'],
    )
    assert.equal((await user.request(`${app.url}/secure`)).status, 200)
  })
})
