import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { browser } from '../../test-support/browser.ts'
import { type StartAppOptions, startApp } from '../../test-support/start-app.ts'
import { answerWith, startFakeProvider } from '../../test-support/start-fake-provider.ts'
import type { UserSession } from '../sessions/sign-in.ts'
import { backChannelLogout } from './back-channel-logout.ts'
import type { LogoutTokenClaims } from './logout-token.ts'

async function start(t: TestContext, options: Partial<StartAppOptions> = {}) {
  const provider = await startFakeProvider(t)
  const received: LogoutTokenClaims[] = []
  const app = await startApp(t, {
    issuer: provider.url,
    backChannelLogout: backChannelLogout({ received: (claims) => void received.push(claims) }),
    ...options,
  })

  /** Signs someone in: their browser, and whether they are still signed in. */
  async function signIn(sub = 'alice', sid = 'sid1') {
    provider.idToken = { sub, sid }
    provider.userInfo = { sub }
    const { user, response } = await app.signIn()
    assert.equal(response.status, 200)
    const session = (await response.json()) as UserSession
    const isSignedIn = async () => (await user.request(`${app.url}/secure`)).status === 200
    return { user, session, isSignedIn }
  }

  return { provider, app, received, signIn, send: (token: string) => post(app.url, token) }
}

function post(url: string, logout_token: string): Promise<Response> {
  const body = new URLSearchParams({ logout_token })
  return fetch(`${url}/backchannel-logout`, { method: 'POST', body })
}

async function readRefusal(response: Response): Promise<string> {
  assert.equal(response.headers.get('cache-control'), 'no-store')
  assert.match(response.headers.get('content-type') ?? '', /^application\/json/)
  const { error, error_description } = (await response.json()) as Record<string, string>
  return `${response.status} ${error}: ${error_description}`
}

describe('a logout token', () => {
  it('ends the session that it names, without a cookie and without touching one', async (t) => {
    const { provider, app, received, signIn, send } = await start(t)
    const { user, session, isSignedIn } = await signIn()
    const cookies = user.cookies()

    const response = await send(await provider.signLogoutToken())

    assert.equal(response.status, 200)
    assert.equal(await response.text(), '')
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.deepEqual(response.headers.getSetCookie(), [])
    assert.equal(await app.login.tokens.get(session.id), undefined)
    assert.equal(await isSignedIn(), false)
    assert.deepEqual(user.cookies().slice(0, 1), cookies)
    assert.deepEqual(
      received.map(({ sub, sid }) => ({ sub, sid })),
      [{ sub: 'alice', sid: 'sid1' }],
    )
  })

  it('lets the user sign in again', async (t) => {
    const { provider, signIn, send } = await start(t)
    await signIn()
    await send(await provider.signLogoutToken())

    assert.equal(await (await signIn('alice', 'sid2')).isSignedIn(), true)
  })

  it('is accepted when there is nothing to end', async (t) => {
    const { provider, send } = await start(t)

    assert.equal((await send(await provider.signLogoutToken())).status, 200)
  })

  for (const [what, claims, left] of [
    ['of a session', {}, ['alice sid2', 'bob sid3']],
    ['of a session without its user', { sub: undefined }, ['alice sid2', 'bob sid3']],
    ['of a user', { sid: undefined }, ['bob sid3']],
    ["of another user's session", { sub: 'bob' }, ['alice sid1', 'alice sid2', 'bob sid3']],
    ['of another session', { sid: 'sid4' }, ['alice sid1', 'alice sid2', 'bob sid3']],
  ] as const)
    it(`${what} ends exactly what it names`, async (t) => {
      const { provider, signIn, send } = await start(t)
      const users = {
        'alice sid1': await signIn('alice', 'sid1'),
        'alice sid2': await signIn('alice', 'sid2'),
        'bob sid3': await signIn('bob', 'sid3'),
      }

      assert.equal((await send(await provider.signLogoutToken(claims))).status, 200)

      const remaining: string[] = []
      for (const [name, { isSignedIn }] of Object.entries(users))
        if (await isSignedIn()) remaining.push(name)
      assert.deepEqual(remaining, left)
    })

  it('ends the session in every process that shares the storage', async (t) => {
    const { provider, app, signIn } = await start(t)
    const { isSignedIn } = await signIn()
    const other = await startApp(t, {
      issuer: provider.url,
      dataFolder: app.dataFolder,
      backChannelLogout: backChannelLogout(),
    })
    const token = await provider.signLogoutToken()

    assert.equal((await post(other.url, token)).status, 200)

    assert.equal(await isSignedIn(), false)
    assert.equal((await post(app.url, token)).status, 400, 'the other has used it')
  })

  it('counts once, however often it comes at the same time', async (t) => {
    const { provider, received, send } = await start(t)
    const token = await provider.signLogoutToken()

    const responses = await Promise.all(Array.from({ length: 5 }, () => send(token)))

    const refusals = responses.filter(({ status }) => status !== 200)
    assert.equal(refusals.length, 4)
    for (const refusal of refusals)
      assert.equal(
        await readRefusal(refusal),
        '400 invalid_request: the logout token was used before (jti)',
      )
    assert.equal(received.length, 1)
  })

  it('is accepted a minute after it expired, as clocks differ, and then no more', async (t) => {
    const { provider, app, send } = await start(t)
    const [first, second] = [await provider.signLogoutToken(), await provider.signLogoutToken()]

    app.clock.seconds = 120 + 55
    assert.equal((await send(first)).status, 200)
    app.clock.seconds = 120 + 61
    assert.equal(
      await readRefusal(await send(second)),
      '400 invalid_request: the token has expired',
    )
  })
})

describe('the refresh token of a session that a logout token ends', () => {
  it('is revoked, which the provider does not wait for and stopping does', async (t) => {
    const { provider, app, signIn, send } = await start(t)
    const { session } = await signIn()
    const gate = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    provider.instead.set('/revoke', async (_req, res) => {
      asked.resolve()
      await gate.promise
      res.end()
    })

    assert.equal((await send(await provider.signLogoutToken())).status, 200)
    await asked.promise
    let isClosed = false
    const closed = app.login.close().then(() => {
      isClosed = true
    })
    await new Promise(setImmediate)
    assert.equal(isClosed, false)
    gate.resolve()
    await closed

    assert.deepEqual(provider.last('POST /revoke')?.parameters, {
      token: session.tokens.refresh_token,
      token_type_hint: 'refresh_token',
    })
    assert.deepEqual(app.logged, [])
  })

  it('that cannot be revoked is logged', async (t) => {
    const { provider, app, signIn, send } = await start(t)
    await signIn()
    provider.instead.set('/revoke', answerWith(503, {}))

    assert.equal((await send(await provider.signLogoutToken())).status, 200)
    await app.login.close()

    assert.match(app.logged[0] ?? '', /^the sign-out is done, but not all that belongs to it: /)
  })

  it('is left to whoever has registered for it', async (t) => {
    const { provider, app, signIn, send } = await start(t)
    const { session } = await signIn()
    const told: unknown[] = []
    app.login.onSignOut(async (id, tokens) => void told.push({ id, tokens }))

    await send(await provider.signLogoutToken())
    await app.login.close()

    assert.deepEqual(told, [{ id: session.id, tokens: session.tokens }])
    assert.equal(provider.count('POST /revoke'), 0)
  })
})

describe('what is no valid logout token', () => {
  const now = Math.floor(Date.now() / 1000)
  const uri = 'http://schemas.openid.net/event/backchannel-logout'
  const header = { typ: 'the token is not a logout token (its typ is not logout+jwt)' }
  const wrong: [string, Record<string, unknown>, Record<string, unknown>, string][] = [
    ['typ JWT', {}, { typ: 'JWT' }, header.typ],
    ['typ at+jwt', {}, { typ: 'at+jwt' }, header.typ],
    ['no typ', {}, { typ: undefined }, header.typ],
    ['an unknown kid', {}, { kid: 'x' }, 'the token is not signed with a key of the issuer'],
    ['another issuer', { iss: 'http://evil.example' }, {}, 'the token is from another issuer'],
    ['no issuer', { iss: undefined }, {}, 'the token is from another issuer'],
    ['another audience', { aud: 'other' }, {}, 'the token is not for this client (aud)'],
    ['no audience', { aud: undefined }, {}, 'the token is not for this client (aud)'],
    ['no iat', { iat: undefined }, {}, 'the token has no valid time of issue (iat)'],
    ['iat ahead', { iat: now + 300 }, {}, 'the token has no valid time of issue (iat)'],
    ['an old iat', { iat: now - 3600 }, {}, 'the token has expired'],
    ['no exp', { exp: undefined }, {}, 'the token has no valid expiry (exp)'],
    ['exp in the past', { exp: now - 61 }, {}, 'the token has expired'],
    ['exp an hour ahead', { exp: now + 3600 }, {}, 'the token lives longer than 600 s'],
    ['no jti', { jti: undefined }, {}, 'the token has no identifier (jti)'],
    ['an empty jti', { jti: '' }, {}, 'the token has no identifier (jti)'],
    ['a number for jti', { jti: 1 }, {}, 'the token has no identifier (jti)'],
    ['a nonce', { nonce: 'n' }, {}, 'the token has a nonce, so it is no logout token'],
    [
      'a nonce that is null',
      { nonce: null },
      {},
      'the token has a nonce, so it is no logout token',
    ],
    [
      'neither sub nor sid',
      { sub: undefined, sid: undefined },
      {},
      'the token has neither sub nor sid',
    ],
    ['an empty sub', { sub: '' }, {}, 'sub and sid have to be texts'],
    ['a list for sid', { sid: ['sid1'] }, {}, 'sub and sid have to be texts'],
    ...[undefined, null, [], uri, {}, { [uri]: true }, { [uri]: null }, { [`${uri}/`]: {} }].map(
      (events): (typeof wrong)[number] => [
        `events ${JSON.stringify(events)}`,
        { events },
        {},
        'the token does not tell of a logout (events)',
      ],
    ),
  ]

  for (const [what, claims, header, reason] of wrong)
    it(`is refused and ends nothing: ${what}`, async (t) => {
      const { provider, app, received, signIn, send } = await start(t)
      const { isSignedIn } = await signIn()

      const response = await send(await provider.signLogoutToken(claims, header))

      assert.equal(await readRefusal(response), `400 invalid_request: ${reason}`)
      assert.equal(await isSignedIn(), true)
      assert.deepEqual(received, [])
      assert.deepEqual(app.logged, [])
    })

  for (const [signature, reason] of [
    ['other key', 'the signature of the token is wrong'],
    ['none', 'the token is not signed with an accepted algorithm'],
    ['HMAC with the public key', 'the token is not signed with an accepted algorithm'],
  ] as const)
    it(`is refused and ends nothing: signed with ${signature}`, async (t) => {
      const { provider, signIn, send } = await start(t)
      provider.metadata.id_token_signing_alg_values_supported = ['none', 'HS256', 'RS256']
      const { isSignedIn } = await signIn()
      provider.signature = signature

      const response = await send(await provider.signLogoutToken())

      assert.equal(await readRefusal(response), `400 invalid_request: ${reason}`)
      assert.equal(await isSignedIn(), true)
    })

  it('is refused and ends nothing: the ID Token of the session', async (t) => {
    const { signIn, send } = await start(t)
    const { session, isSignedIn } = await signIn()

    const response = await send(session.tokens.id_token)

    assert.equal(await readRefusal(response), `400 invalid_request: ${header.typ}`)
    assert.equal(await isSignedIn(), true)
  })

  it('is refused and ends nothing: the same token again', async (t) => {
    const { provider, signIn, send } = await start(t)
    const token = await provider.signLogoutToken({ sid: undefined, iat: now - 5 })
    assert.equal((await send(token)).status, 200)
    const { isSignedIn } = await signIn()

    assert.equal((await send(token)).status, 400)
    assert.equal(await isSignedIn(), true)
  })

  it('is refused: no JWT at all', async (t) => {
    const { send } = await start(t)

    assert.equal(
      await readRefusal(await send('a.b.c')),
      '400 invalid_request: the token is malformed',
    )
  })
})

describe('a logout request', () => {
  const form = 'application/x-www-form-urlencoded'

  for (const [what, init, expected] of [
    ['with GET', {}, '405 invalid_request: the method is GET; use POST'],
    [
      'with JSON',
      { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' },
      '400 invalid_request: the body is not application/x-www-form-urlencoded',
    ],
    [
      'with no token',
      { method: 'POST', headers: { 'Content-Type': form }, body: 'a=b' },
      '400 invalid_request: logout_token is missing',
    ],
    [
      'with two tokens',
      { method: 'POST', headers: { 'Content-Type': form }, body: 'logout_token=a&logout_token=b' },
      '400 invalid_request: logout_token was sent twice',
    ],
    [
      'that is too long',
      {
        method: 'POST',
        headers: { 'Content-Type': form },
        body: `logout_token=${'a'.repeat(17_000)}`,
      },
      '400 invalid_request: the body is too long or cannot be read',
    ],
  ] as const)
    it(`${what} is refused, and said why`, async (t) => {
      const { app } = await start(t)

      const response = await fetch(`${app.url}/backchannel-logout`, init)

      if (expected.startsWith('405')) assert.equal(response.headers.get('allow'), 'POST')
      assert.equal(await readRefusal(response), expected)
    })

  it('finds nothing at an app that does not take part', async (t) => {
    const provider = await startFakeProvider(t)
    const app = await startApp(t, { issuer: provider.url })

    const response = await post(app.url, await provider.signLogoutToken())

    assert.notEqual(response.status, 200)
  })

  for (const path of ['/.well-known/openid-configuration', '/jwks'])
    it(`is to be sent again when ${path} cannot be had, and then counts`, async (t) => {
      const { provider, app, send } = await start(t)
      provider.instead.set(path, answerWith(503, {}))
      const token = await provider.signLogoutToken()

      const response = await send(token)
      assert.equal(response.headers.get('retry-after'), '5')
      assert.match(await readRefusal(response), /^400 temporarily_unavailable: the keys of the/)
      assert.match(app.logged[0] ?? '', /^a logout token was not handled, the keys of/)

      provider.instead.delete(path)
      app.clock.seconds = 5
      assert.equal((await send(token)).status, 200)
    })

  for (const path of ['/.well-known/openid-configuration', '/jwks'])
    it(`has ${path} asked for, and its failure logged, once for all of a time`, async (t) => {
      const clock = { seconds: Math.floor(Date.now() / 1000) }
      const { provider, app, send } = await start(t, { now: () => clock.seconds })
      provider.instead.set(path, answerWith(503, {}))
      const token = await provider.signLogoutToken({}, { kid: 'x' })

      for (let count = 0; count < 10; count++) assert.equal((await send(token)).status, 400)
      assert.equal(provider.count(`GET ${path}`), 1)
      assert.equal(app.logged.length, 1)

      for (const pause of [1, 2, 4]) {
        clock.seconds += pause
        await send(token)
      }
      assert.equal(provider.count(`GET ${path}`), 4)
      assert.equal(app.logged.length, 4)
      assert.equal((await send(token)).headers.get('retry-after'), '8', 'as long as back-off')
    })

  it('is logged once each time that the keys have no address, however many are sent', async (t) => {
    const clock = { seconds: Math.floor(Date.now() / 1000) }
    const { provider, app, send } = await start(t, { now: () => clock.seconds })
    const { jwks_uri } = provider.metadata

    for (const [address, status, lines] of [
      ['nowhere', 400, 1],
      [jwks_uri, 200, 1],
      ['nowhere', 400, 2],
    ] as const) {
      provider.metadata.jwks_uri = address
      clock.seconds += 7200
      const iat = clock.seconds
      for (const _ of [1, 2]) {
        const token = await provider.signLogoutToken({ iat, exp: iat + 120 })
        assert.equal((await send(token)).status, status)
      }
      assert.equal(app.logged.length, lines)
    }
  })

  it('is to be sent again when the storage fails, and then ends the session', async (t) => {
    const { provider, app, signIn, send } = await start(t)
    const { isSignedIn } = await signIn()
    const token = await provider.signLogoutToken()
    const failing = t.mock.method(app.storage, 'endSessions', () =>
      Promise.reject(new Error('disk full')),
    )

    const response = await send(token)
    assert.equal(response.headers.get('retry-after'), '5')
    assert.match(await readRefusal(response), /^400 temporarily_unavailable: the sessions could/)
    assert.match(app.logged[0] ?? '', /: disk full$/)
    assert.equal(await isSignedIn(), true)

    failing.mock.restore()
    assert.equal((await send(token)).status, 200)
    assert.equal(await isSignedIn(), false)
  })

  it('needs the keys once for many tokens', async (t) => {
    const { provider, send } = await start(t)

    for (let count = 0; count < 3; count++)
      assert.equal((await send(await provider.signLogoutToken())).status, 200)

    assert.equal(provider.count('GET /jwks'), 1)
    assert.equal(provider.count('GET /.well-known/openid-configuration'), 1)
  })
})

describe('a sign-in that is on its way when the logout token comes', () => {
  it('does not leave a session behind', async (t) => {
    const { provider, app, send } = await start(t)
    const { user, callback } = await app.signInUpToCallback()
    // Before the ID Token, which the provider takes a while to sign.
    const iat = Math.floor(Date.now() / 1000) - 1
    assert.equal((await send(await provider.signLogoutToken({ iat }))).status, 200)

    const response = await user.request(callback)
    await app.login.close()

    assert.equal(response.status, 403)
    assert.match(await response.text(), /You are signed out/)
    assert.deepEqual(user.cookies(), [])
    assert.equal(provider.last('POST /revoke')?.parameters.token, 'refresh-1')
  })

  it('does not leave one behind either when all of the user’s sessions end', async (t) => {
    const { provider, app, send } = await start(t)
    const { user, callback } = await app.signInUpToCallback()
    const iat = Math.floor(Date.now() / 1000) - 5
    provider.idToken = { auth_time: iat }
    assert.equal((await send(await provider.signLogoutToken({ iat, sid: undefined }))).status, 200)

    assert.equal((await user.request(callback)).status, 403)
  })

  it('is none of its business when it is of another login', async (t) => {
    const { provider, app, send } = await start(t)
    const { user, callback } = await app.signInUpToCallback()
    const iat = Math.floor(Date.now() / 1000) - 5
    for (const claims of [
      { sid: 'sid2' },
      { sub: 'bob' },
      { sub: 'bob', sid: undefined },
      { sid: undefined, iat },
    ])
      assert.equal((await send(await provider.signLogoutToken(claims))).status, 200)

    assert.equal((await user.request(callback)).headers.get('location'), '/secure')
    assert.equal((await browser().request(`${app.url}/secure`)).status, 302)
  })
})
