import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'

import { type Browser, browser } from '../../test-support/browser.ts'
import { type StartAppOptions, startApp, temporaryFolder } from '../../test-support/start-app.ts'
import { answerWith, startFakeProvider } from '../../test-support/start-fake-provider.ts'
import type { UserSession } from '../sessions/sign-in.ts'
import { sqliteSessions } from '../sessions/sqlite-sessions.ts'

type Misbehaviour = Partial<Awaited<ReturnType<typeof startFakeProvider>>>

async function start(t: TestContext, options: Partial<StartAppOptions> = {}) {
  const provider = await startFakeProvider(t)
  return { provider, app: await startApp(t, { issuer: provider.url, ...options }) }
}

function withState(callback: URL, state: string | undefined): URL {
  const changed = new URL(callback)
  if (state === undefined) changed.searchParams.delete('state')
  else changed.searchParams.set('state', state)
  return changed
}

async function readSession(response: Response): Promise<UserSession> {
  return (await response.json()) as UserSession
}

describe('sign-in, back from the provider', () => {
  it('ends on the page first asked for, with claims and tokens', async (t) => {
    const { provider, app } = await start(t)

    const { response, url } = await app.signIn(browser(), '/secure?page=2')

    assert.equal(url.href, `${app.url}/secure?page=2`)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    const { id, claims, signedInAt, expiresAt, tokens, version } = await readSession(response)
    assert.match(id, /^[\da-f-]{36}$/)
    const { auth_time, ...others } = claims
    assert.ok(Number(auth_time) <= signedInAt + 1)
    assert.deepEqual(others, {
      sub: 'alice',
      name: 'Alice Smith',
      idp: 'local',
      amr: ['pwd'],
      sid: 'sid1',
    })
    assert.equal(expiresAt, signedInAt + 8 * 3600)
    assert.equal(version, 1)
    const { id_token, requested_at, expires_at, ...rest } = tokens
    assert.equal(id_token.split('.').length, 3)
    assert.ok(Math.abs(requested_at - signedInAt) <= 1)
    assert.equal(expires_at, requested_at + 3600)
    assert.deepEqual(rest, {
      access_token: 'access-1',
      refresh_token: 'refresh-1',
      token_type: 'bearer',
    })
    assert.deepEqual(app.logged, [])
    assert.equal(provider.count('POST /token'), 1)
  })

  it('proves to be the one who began: secret, code verifier, redirect URI', async (t) => {
    const { provider, app } = await start(t)

    await app.signIn()

    const { authorization, parameters } = provider.last('POST /token') ?? assert.fail()
    const { code_verifier, ...others } = parameters
    const challenge = await crypto.subtle.digest('SHA-256', Buffer.from(code_verifier ?? ''))
    assert.equal(authorization, `Basic ${btoa('client:secret')}`)
    assert.equal(
      Buffer.from(challenge).toString('base64url'),
      provider.last('GET /authorize')?.parameters.code_challenge,
    )
    assert.deepEqual(others, {
      grant_type: 'authorization_code',
      code: 'code-0',
      redirect_uri: `${app.url}/signin-oidc`,
    })
  })

  it('lets the ID Token win over userinfo, and does without userinfo', async (t) => {
    const { provider, app } = await start(t)
    provider.userInfo = { sub: 'alice', sid: 'other', email: 'a@example.com' }
    const { claims } = await readSession((await app.signIn()).response)
    assert.deepEqual([claims.sid, claims.email], ['sid1', 'a@example.com'])

    const lonely = await startFakeProvider(t)
    delete lonely.metadata.userinfo_endpoint
    const other = await startApp(t, { issuer: lonely.url })
    assert.equal((await readSession((await other.signIn()).response)).claims.sub, 'alice')
    assert.equal(lonely.count('GET /userinfo'), 0)
  })

  it('leaves out the claims that speak of the token', async (t) => {
    const { provider, app } = await start(t)
    const protocol = { nbf: 1, jti: 'a', at_hash: 'a', c_hash: 'a', s_hash: 'a', azp: 'client' }
    provider.userInfo = { sub: 'alice', ...protocol }
    delete provider.userInfo.azp
    provider.idToken = { azp: 'client' }

    const { claims } = await readSession((await app.signIn()).response)

    assert.deepEqual(Object.keys(claims).sort(), ['amr', 'auth_time', 'idp', 'sid', 'sub'])
  })

  it('accepts the access token whose hash is in the ID Token', async (t) => {
    const { provider, app } = await start(t)
    const half = hash('sha256', 'access-1', 'buffer').subarray(0, 16)
    provider.idToken = { at_hash: half.toString('base64url') }

    assert.equal((await app.signIn()).response.status, 200)
  })

  it('works in several tabs that begin at the same moment', async (t) => {
    const { app } = await start(t)
    const user = browser()
    const tabs = await Promise.all(
      ['/secure/1', '/secure/2', '/secure/3'].map((path) => app.signInUpToCallback(user, path)),
    )

    const ends = await Promise.all(tabs.map(({ callback }) => user.open(callback)))

    assert.deepEqual(
      ends.map(({ url, response }) => [url.pathname, response.status]),
      [
        ['/secure/1', 200],
        ['/secure/2', 200],
        ['/secure/3', 200],
      ],
    )
  })

  it('gives the session a new id, and keeps no tokens of the one before', async (t) => {
    const { app } = await start(t)
    const { user, callback } = await app.signInUpToCallback()
    const { response } = await app.signIn(user)
    const planted = user.cookies().find(({ name }) => name === 'client')
    const before = await readSession(response)
    const told: unknown[] = []
    app.login.onSignOut(async (id, tokens) => void told.push({ id, tokens }))

    await user.open(callback)

    const cookie = user.cookies().find(({ name }) => name === 'client')
    assert.notEqual(cookie?.value, planted?.value)
    assert.match(cookie?.line ?? '', /; Path=\/; HttpOnly; SameSite=Lax$/)
    assert.equal(await app.login.tokens.get(before.id), undefined)
    assert.deepEqual(told, [{ id: before.id, tokens: before.tokens }], 'to revoke them')
    const old = browser()
    old.setCookies(planted === undefined ? [] : [planted])
    assert.equal((await old.request(`${app.url}/secure`)).status, 302)
  })

  it('revokes the refresh token of the session before', async (t) => {
    const { provider, app } = await start(t)
    const { user, callback } = await app.signInUpToCallback()
    const before = await readSession((await app.signIn(user)).response)

    await user.request(callback)
    await app.login.close()

    assert.equal(provider.count('POST /revoke'), 1)
    const { token } = provider.last('POST /revoke')?.parameters ?? {}
    assert.equal(token, before.tokens.refresh_token)
  })

  it('has stored the session before it redirects', async (t) => {
    const sessionStorage = sqliteSessions(join(temporaryFolder(t), 'sessions.sqlite'))
    const { sessions } = sessionStorage
    const set = sessions.set.bind(sessions)
    let isStored = false
    sessions.set = (sid, data, callback) => {
      setTimeout(() => {
        isStored = true
        set(sid, data, callback)
      }, 50)
    }
    const { app } = await start(t, { sessionStorage })
    const { user, callback } = await app.signInUpToCallback()

    const response = await user.request(callback)

    assert.equal(response.status, 302)
    assert.ok(isStored)
    await response.text()
  })

  const unanswerable: readonly [string, (callback: URL, user: Browser) => Promise<Response>][] = [
    [
      'a second time',
      (callback, user) => user.request(callback).then(() => user.request(callback)),
    ],
    ['in another browser', (callback) => browser().request(callback)],
    ['without state', (callback, user) => user.request(withState(callback, undefined))],
    ['with another state', (callback, user) => user.request(withState(callback, 'other'))],
    ['by a POST', (callback, user) => user.request(callback, { method: 'POST' })],
    ['without parameters', ({ origin, pathname }, user) => user.request(origin + pathname)],
  ]
  for (const [what, send] of unanswerable) {
    it(`offers to start again when it comes ${what}`, async (t) => {
      const { provider, app } = await start(t)
      const { user, callback } = await app.signInUpToCallback()

      const response = await send(callback, user)

      assert.equal(response.status, 400)
      assert.equal(response.headers.get('referrer-policy'), 'no-referrer')
      const html = await response.text()
      assert.match(html, /<a href="\/">Start again<\/a>/)
      assert.doesNotMatch(html, /\.[jt]s:\d/, 'no stack')
      assert.equal(provider.count('POST /token'), what === 'a second time' ? 1 : 0)
    })
  }

  it('does not mistake the attempt of one state for that of another', async (t) => {
    const { app } = await start(t)
    const { user, callback } = await app.signInUpToCallback()
    const planted = 'planted'.padEnd(43, '-')
    const own = user.cookies().map((cookie) => ({ ...cookie, name: `client.sign-in.${planted}` }))
    const victim = browser()
    victim.setCookies(own)
    callback.searchParams.set('state', planted)

    assert.equal((await victim.request(callback)).status, 400)
    assert.deepEqual(app.logged.length, 1)
    assert.match(app.logged[0] ?? '', /cannot be completed/)
  })

  for (const path of ['/signin-oidc', '/signout-callback-oidc'])
    it(`is not upset by a state that is not ours, with a cookie to match: ${path}`, async (t) => {
      const { app } = await start(t)
      const headers = { Cookie: 'client.sign-in.a b=x; client.sign-out.a b=x' }

      const response = await fetch(`${app.url}${path}?state=a%20b`, { headers, redirect: 'manual' })

      assert.equal(response.status, path === '/signin-oidc' ? 400 : 302)
      assert.deepEqual(response.headers.getSetCookie(), [])
    })

  it('accepts an attempt for 15 minutes', async (t) => {
    const { app } = await start(t)
    const inTime = await app.signInUpToCallback()
    const late = await app.signInUpToCallback()

    app.clock.seconds = 14 * 60 + 50
    assert.equal((await inTime.user.request(inTime.callback)).status, 302)
    app.clock.seconds = 15 * 60 + 1
    assert.equal((await late.user.request(late.callback)).status, 400)
  })

  describe('revokes the refresh token that was issued for it', () => {
    const failures: readonly [string, Misbehaviour, number][] = [
      ['the access token is not that of the ID Token', { idToken: { at_hash: 'a' } }, 400],
      ['userinfo is about someone else', { userInfo: { sub: 'bob' } }, 400],
      ['its ID Token is not for this sign-in', { idToken: { nonce: 'wrong' } }, 400],
      ['there is no ID Token', { tokenResponse: { id_token: undefined } }, 400],
      ['the keys cannot be had', { instead: new Map([['/jwks', answerWith(503, {})]]) }, 503],
      [
        'the keys are too many',
        { instead: new Map([['/jwks', answerWith(200, { odd: 'x'.repeat(256 * 1024) })]]) },
        400,
      ],
      ['userinfo cannot be had', { instead: new Map([['/userinfo', answerWith(503, {})]]) }, 503],
    ]
    for (const [what, misbehaviour, status] of failures)
      it(`when ${what}`, async (t) => {
        const { provider, app } = await start(t)
        const { user, callback } = await app.signInUpToCallback()
        Object.assign(provider, misbehaviour)

        assert.equal((await user.request(callback)).status, status)
        await app.login.close()

        assert.equal(provider.count('POST /revoke'), 1)
        assert.deepEqual(provider.last('POST /revoke')?.parameters, {
          token: 'refresh-1',
          token_type_hint: 'refresh_token',
        })
        assert.equal(app.logged.length, 1, 'the failure of the sign-in')
      })

    it('when the session cannot be stored, and signs nobody in later', async (t) => {
      const sessionStorage = sqliteSessions(join(temporaryFolder(t), 'sessions.sqlite'))
      const { sessions, tokens } = sessionStorage
      const set = sessions.set.bind(sessions)
      sessions.set = (_sid, _data, callback) => {
        sessions.set = set
        callback?.(new Error('the disk is full'))
      }
      tokens.take = () => Promise.reject(new Error('the disk is still full'))
      const { provider, app } = await start(t, { sessionStorage })
      const { user, callback } = await app.signInUpToCallback()

      const response = await user.request(callback)

      assert.equal(await response.text(), 'unexpected: the disk is full')
      assert.deepEqual(await (await user.request(app.url)).json(), { signedIn: false })
      await app.login.close()
      assert.equal(provider.last('POST /revoke')?.parameters.token, 'refresh-1')
    })

    it('and keeps no tokens of a session that cannot be stored', async (t) => {
      const { app } = await start(t)
      const { user, callback } = await app.signInUpToCallback()
      const add = t.mock.method(app.storage.tokens, 'add')
      const set = t.mock.method(app.storage.sessions, 'set')
      set.mock.mockImplementationOnce((_sid, _data, done) => done?.(new Error('the disk is full')))

      await user.request(callback)

      const [id = ''] = add.mock.calls[0]?.arguments ?? []
      assert.equal(await app.login.tokens.get(id), undefined)
    })

    it('and says so when that fails', async (t) => {
      const { provider, app } = await start(t)
      const { user, callback } = await app.signInUpToCallback()
      provider.userInfo = { sub: 'bob' }
      provider.instead.set('/revoke', answerWith(503, {}))

      await user.request(callback)
      await app.login.close()

      assert.match(
        app.logged.join('\n'),
        /^a sign-in failed, and its refresh token is not revoked: .*503/m,
      )
    })

    it('unless there is none', async (t) => {
      const { provider, app } = await start(t)
      Object.assign(provider, {
        tokenResponse: { refresh_token: undefined },
        userInfo: { sub: 'bob' },
      })

      await app.signIn()
      await app.login.close()

      assert.equal(provider.count('POST /revoke'), 0)
    })
  })

  describe('refuses', () => {
    const untrusted: readonly [string, Misbehaviour, RegExp][] = [
      ['another issuer', { response: { iss: 'https://evil.example' } }, /"iss"/],
      ['no issuer', { response: { iss: undefined } }, /"iss"/],
      ['no code', { response: { code: undefined } }, /code/],
      ['a wrong nonce', { idToken: { nonce: 'wrong' } }, /"nonce"/],
      ['no nonce', { idToken: { nonce: undefined } }, /"nonce"/],
      ['an ID Token of another issuer', { idToken: { iss: 'https://evil.example' } }, /"iss"/],
      ['an ID Token for another client', { idToken: { aud: 'other' } }, /"aud"/],
      ['one issued to another', { idToken: { aud: ['client', 'b'], azp: 'b' } }, /"azp"/],
      ['an expired ID Token', { idToken: { exp: 1 } }, /"exp"/],
      ['an ID Token about nobody', { idToken: { sub: undefined } }, /"sub"/],
      ['no ID Token', { tokenResponse: { id_token: undefined } }, /"id_token"/],
      ['an ID Token signed with another key', { signature: 'other key' }, /signature/],
      ['an unsigned ID Token', { signature: 'none' }, /"alg"/],
      ['an HMAC with the public key', { signature: 'HMAC with the public key' }, /"alg"/],
      ['an access token of another ID Token', { idToken: { at_hash: 'a' } }, /"at_hash"/],
      ['userinfo about someone else', { userInfo: { sub: 'bob' } }, /"sub"/],
      ['userinfo about nobody', { userInfo: { name: 'Bob' } }, /"sub"/],
    ]
    for (const [what, misbehaviour, detail] of untrusted) {
      it(what, async (t) => {
        const { provider, app } = await start(t)
        Object.assign(provider, misbehaviour)

        const { user, response } = await app.signIn()

        assert.equal(response.status, 400)
        const html = await response.text()
        assert.match(html, /cannot be trusted/)
        assert.match(/<code>(.*)<\/code>/.exec(html)?.[1]?.replaceAll('&quot;', '"') ?? '', detail)
        assert.match(html, /<a href="\/secure">Start again<\/a>/)
        assert.deepEqual(await (await user.request(app.url)).json(), { signedIn: false })
        assert.equal(app.logged.length, 1)
        assert.doesNotMatch(app.logged.join(), /access-1|refresh-1|ey\w+\./)
      })
    }
  })
})
