import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { decodeJwt } from 'jose'

import { startSignIn } from '../../test-support/sign-in.ts'
import { memoryStore } from '../index.ts'

const hour = 60 * 60 * 1000

/** The `Set-Cookie` line of a sign-in that no authorization request waits for. */
async function setCookieOf(
  url: string,
  login: object,
  headers = {},
  name = 'idsrv',
): Promise<string> {
  const response = await fetch(`${url}/account/login`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ login }),
  })
  const lines = response.headers.getSetCookie()
  return lines.find((line) => line.startsWith(`${name}=`)) ?? ''
}

async function handleOf(...signIn: Parameters<typeof setCookieOf>): Promise<string> {
  return /=([\w-]{43});/.exec(await setCookieOf(...signIn))?.[1] ?? assert.fail()
}

/** The session that a page finds, or null. */
async function readSession(url: string, headers: Record<string, string>) {
  const response = await fetch(`${url}/session`, { headers })
  return (await response.json()) as { sub: string } | null
}

const behindProxy = { fixedIssuer: false, trustProxy: 1 }
const https = { 'x-forwarded-proto': 'https' }

describe('login session', () => {
  it('is known by a cookie that scripts cannot read and other sites cannot post with', async (t) => {
    const { issuer } = await startSignIn(t)

    const cookie = await setCookieOf(issuer, { sub: 'alice' })

    assert.match(cookie, /^idsrv=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
  })

  for (const [basePath, name, path] of [
    ['', '__Host-idsrv', '/'],
    ['/tenant', '__Secure-idsrv', '/tenant'],
  ] as const)
    it(`has a Secure cookie where the issuer is https, which other hosts cannot set (${name})`, async (t) => {
      const { issuer } = await startSignIn(t, { ...behindProxy, basePath })

      const cookie = await setCookieOf(issuer, { sub: 'alice' }, https, name)

      const attributes = `Path=${path}; HttpOnly; Secure; SameSite=Lax`
      assert.equal(cookie.replace(/=[\w-]{43};/, ';'), `${name}; ${attributes}`)
    })

  for (const [basePath, name, weaker] of [
    ['', '__Host-idsrv', ['idsrv', '__Secure-idsrv']],
    ['/tenant', '__Secure-idsrv', ['idsrv']],
  ] as const)
    it(`is known on https by ${name} alone`, async (t) => {
      const { issuer } = await startSignIn(t, { ...behindProxy, basePath })
      const [alice, bob] = await Promise.all(
        ['alice', 'bob'].map((sub) => handleOf(issuer, { sub }, https, name)),
      )
      const findSub = async (cookie: string) =>
        (await readSession(issuer, { ...https, cookie }))?.sub

      assert.equal(await findSub(`${name}=${alice}`), 'alice')
      for (const planted of weaker.map((each) => `${each}=${bob}`)) {
        assert.equal(await findSub(planted), undefined)
        assert.equal(await findSub(`${planted}; ${name}=${alice}`), 'alice')
        assert.equal(await findSub(`${name}=${alice}; ${planted}`), 'alice')
      }
    })

  for (const [headers, name] of [
    [{}, 'idsrv'],
    [https, '__Host-idsrv'],
  ] as const)
    it(`is not known by two cookies, of which one may be planted (${name})`, async (t) => {
      const { issuer } = await startSignIn(t, behindProxy)
      const handles = await Promise.all(
        ['alice', 'bob'].map((sub) => handleOf(issuer, { sub }, headers, name)),
      )
      const find = (cookie: string) => readSession(issuer, { ...headers, cookie })

      for (const [one, other] of [handles, handles.toReversed(), [handles[0], 'x']]) {
        assert.equal(await find(`${name}=${one}; ${name}=${other}`), null)
        assert.equal(await find(`${name}=${other};${name}=${one}`), null)
      }
    })

  it('has a cookie that lasts as long as it when the user wants to be remembered', async (t) => {
    const { issuer } = await startSignIn(t)

    const cookie = await setCookieOf(issuer, { sub: 'alice', remember: true })

    assert.match(cookie, /; Max-Age=2592000; /)
  })

  it('has a cookie for the path that the provider is mounted at, and no other', async (t) => {
    const { issuer } = await startSignIn(t, { basePath: '/tenant' })

    const cookie = await setCookieOf(issuer, { sub: 'alice' })

    assert.match(cookie, /; Path=\/tenant; /)
  })

  it('gets a new cookie at every sign-in, and the one before is worth nothing', async (t) => {
    const { openBrowser } = await startSignIn(t)
    const planted = openBrowser()
    await planted.logIn(await planted.authorize(), { sub: 'bob' })
    const cookie = planted.browser.cookie('idsrv')
    const { browser, authorize, logIn } = openBrowser()
    browser.setCookie('idsrv', cookie)

    await logIn(await authorize({ prompt: 'login' }))

    assert.notEqual(browser.cookie('idsrv'), cookie)
    const { parameters } = await planted.authorize({ prompt: 'none' })
    assert.equal(parameters.error, 'login_required')
  })

  it('sets each cookie once', async (t) => {
    const { issuer } = await startSignIn(t)

    const { headers } = await fetch(`${issuer}/account/login`, {
      method: 'POST',
      headers: { cookie: `idsrv=${'x'.repeat(43)}; idsrv.session=${'y'.repeat(43)}` },
      body: JSON.stringify({ login: { sub: 'alice' } }),
    })

    const names = headers.getSetCookie().map((line) => line.split('=', 1)[0])
    assert.deepEqual(names.sort(), ['idsrv', 'idsrv.session'])
  })

  it('is not known by an id that clients are told', async (t) => {
    const { signInForTokens, openBrowser } = await startSignIn(t)
    const { tokens, browser } = await signInForTokens()
    const { sid } = decodeJwt(tokens.id_token)
    const thief = openBrowser()
    thief.browser.setCookie('idsrv', String(sid))

    const { parameters } = await thief.authorize({ prompt: 'none' })

    assert.equal(parameters.error, 'login_required')
    assert.equal(browser.cookiesFor('/').includes(String(sid)), false)
  })

  it('is stored without what the cookie holds', async (t) => {
    const store = memoryStore()
    const { signIn } = await startSignIn(t, { store })
    const { browser } = await signIn()

    const records = JSON.stringify(await store.getAll({ type: 'login_session' }))

    assert.notEqual(browser.cookie('idsrv'), '')
    assert.equal(records.includes(browser.cookie('idsrv')), false)
  })

  it('has another sid for another user in the same browser', async (t) => {
    const { signInForTokens, redeem } = await startSignIn(t)
    const { tokens, authorize, logIn } = await signInForTokens()

    const { parameters } = await logIn(await authorize({ prompt: 'login' }), { sub: 'bob' })

    const bob = decodeJwt((await (await redeem(parameters.code ?? '')).json()).id_token)
    assert.equal(bob.sub, 'bob')
    assert.notEqual(bob.sid, decodeJwt(tokens.id_token).sid)
  })

  it('ends when another user signs in: with its codes, and the host is told', async (t) => {
    const { events, signIn, redeem } = await startSignIn(t)
    const told: string[] = []
    events.on('userSignedOut', ({ sub }) => told.push(`${sub} out`))
    events.on('userSignedIn', ({ sub }) => told.push(`${sub} in`))
    const { code, authorize, logIn } = await signIn()

    await logIn(await authorize({ prompt: 'login' }), { sub: 'bob' })

    assert.deepEqual(told, ['alice in', 'alice out', 'bob in'])
    assert.equal((await (await redeem(code)).json()).error, 'invalid_grant')
  })

  for (const [remember, hours] of [
    [false, 10],
    [true, 720],
  ] as const)
    it(`lasts ${hours} hours when the user ${remember ? 'wants' : 'does not want'} to be remembered`, async (t) => {
      const clock = { now: Date.UTC(2030, 0, 1) }
      const { signIn } = await startSignIn(t, { now: () => clock.now })
      const { authorize } = await signIn({}, { sub: 'alice', remember })

      clock.now += hours * hour - 1
      const inTime = await authorize({ prompt: 'none' })
      clock.now += 1
      const tooLate = await authorize({ prompt: 'none' })

      assert.equal('code' in inTime.parameters, true)
      assert.equal(tooLate.parameters.error, 'login_required')
    })

  it('remembers its clients for as long as it is prolonged', async (t) => {
    const clock = { now: Date.UTC(2030, 0, 1) }
    const store = memoryStore({ now: () => clock.now })
    const { signIn } = await startSignIn(t, { store, now: () => clock.now })
    const { authorize, logIn } = await signIn({ client_id: 'other' })
    clock.now += 9 * hour
    await logIn(await authorize({ prompt: 'login' }))

    clock.now += 9 * hour

    const records = await store.getAll({ type: 'session_client' })
    assert.deepEqual(records.map(({ client_id }) => client_id).sort(), ['other', 'web'])
    const end = clock.now + hour
    assert.deepEqual(
      records.map(({ due }) => due),
      [end, end],
    )
  })
})

describe('sign-out', () => {
  it('ends the session, at the server and in the browser', async (t) => {
    const { signIn, openBrowser } = await startSignIn(t)
    const { browser, logOut, authorize } = await signIn()
    const thief = openBrowser()
    thief.browser.setCookie('idsrv', browser.cookie('idsrv'))

    await logOut()

    assert.equal(browser.cookiesFor('/'), '')
    assert.equal((await authorize({ prompt: 'none' })).parameters.error, 'login_required')
    assert.equal((await thief.authorize({ prompt: 'none' })).parameters.error, 'login_required')
  })

  it('takes back codes that were not redeemed yet', async (t) => {
    const { signIn, redeem } = await startSignIn(t)
    const { code, logOut } = await signIn()

    await logOut()

    assert.equal((await (await redeem(code)).json()).error, 'invalid_grant')
  })

  it('leaves refresh tokens, which are for when the user is away', async (t) => {
    const { signInForTokens, refresh } = await startSignIn(t)
    const { tokens, logOut } = await signInForTokens({ scope: 'openid offline_access' })

    await logOut()

    assert.equal((await refresh(tokens.refresh_token)).status, 200)
  })

  it('is told to the host, if there was anyone', async (t) => {
    const { events, signIn } = await startSignIn(t)
    const told: unknown[] = []
    events.on('userSignedOut', (event) => told.push(event.sub))
    const { logOut } = await signIn()

    await logOut()
    await logOut()

    assert.deepEqual(told, ['alice'])
  })
})
