import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { describe, it } from 'node:test'

import { decodeJwt } from 'jose'

import { startSignIn } from '../../test-support/sign-in.ts'
import { memoryStore } from '../index.ts'

const name = 'idsrv.session'
/** A random text, and when the session is over. */
const pattern = /^[\w-]{43}\.\d{10}$/

describe('browser state', () => {
  for (const [scheme, basePath, name, attributes] of [
    ['http', '', 'idsrv.session', 'Path=/; SameSite=Lax'],
    ['https', '', '__Host-idsrv.session', 'Path=/; Secure; SameSite=None'],
    ['https', '/tenant', '__Secure-idsrv.session', 'Path=/tenant; Secure; SameSite=None'],
  ] as const)
    it(`is a cookie that scripts read, for ${scheme} (${name})`, async (t) => {
      const { issuer } = await startSignIn(t, { fixedIssuer: false, trustProxy: 1, basePath })

      const response = await fetch(`${issuer}/account/login`, {
        method: 'POST',
        headers: { 'x-forwarded-proto': scheme },
        body: JSON.stringify({ login: { sub: 'alice' } }),
      })

      const line = response.headers.getSetCookie().find((each) => each.startsWith(`${name}=`))
      assert.equal(line?.replace(/=[\w-]{43}\.\d{10};/, ';'), `${name}; ${attributes}`)
    })

  it('lasts as long as the session of someone who wants to be remembered', async (t) => {
    const { issuer } = await startSignIn(t, { now: () => Date.UTC(2030, 0, 1) })

    const response = await fetch(`${issuer}/account/login`, {
      method: 'POST',
      body: JSON.stringify({ login: { sub: 'alice', remember: true } }),
    })

    const line = response.headers.getSetCookie().find((each) => each.startsWith(`${name}=`))
    assert.match(line ?? '', /; Max-Age=2592000; /)
  })

  it('opens nothing, and tells neither the session id nor the user', async (t) => {
    const store = memoryStore()
    const { signInForTokens, openBrowser } = await startSignIn(t, { store })
    const { browser, tokens } = await signInForTokens()
    const thief = openBrowser()
    thief.browser.setCookie('idsrv', browser.cookie(name))

    const { parameters } = await thief.authorize({ prompt: 'none' })

    assert.match(browser.cookie(name), pattern)
    assert.notEqual(browser.cookie(name), browser.cookie('idsrv'))
    const { sid, sub } = decodeJwt(tokens.id_token)
    const [random] = browser.cookie(name).split('.')
    for (const known of [sid, sub, `browser state of ${sid}`, `${sub} ${sid}`])
      assert.notEqual(random, hash('sha256', String(known), 'base64url'))
    assert.equal(parameters.error, 'login_required')
  })

  it('says when the session is over', async (t) => {
    const clock = { now: Date.UTC(2030, 0, 1) + 1 }
    const { signIn } = await startSignIn(t, { now: () => clock.now })
    const { browser } = await signIn()

    const [, expires] = browser.cookie(name).split('.')

    // The session's 10 hours, and to the end of that second.
    assert.equal(Number(expires) * 1000, Date.UTC(2030, 0, 1, 10, 0, 1))
  })

  it('is another one in each session of a user', async (t) => {
    const clock = { now: Date.UTC(2030, 0, 1) }
    const { signIn } = await startSignIn(t, { now: () => clock.now })
    const [one, other] = [await signIn(), await signIn()]
    const first = one.browser.cookie(name)

    await one.logOut()
    await one.logIn(await one.authorize())

    const states = [first, one.browser.cookie(name), other.browser.cookie(name)]
    assert.equal(new Set(states).size, 3)
  })

  it('goes with a session that was ended elsewhere, at the next request', async (t) => {
    const { signIn } = await startSignIn(t)
    const [here, elsewhere] = [await signIn(), await signIn()]
    const before = here.browser.cookie(name)
    await elsewhere.signOutEverywhere()

    await here.authorize({ prompt: 'none' })
    const after = here.browser.cookie(name)
    await here.authorize({ prompt: 'none' })

    assert.match(before, pattern)
    assert.match(after, /^[\w-]{43}$/)
    assert.equal(here.browser.cookie(name), after)
  })

  it('stays when a request comes without the session, as from a frame of another site', async (t) => {
    const { signIn } = await startSignIn(t)
    const { browser, authorize } = await signIn()
    const before = browser.cookie(name)
    browser.setCookie('idsrv', '')

    await authorize({ prompt: 'none' })

    assert.equal(browser.cookie(name), before)
  })

  it('changes when the same user signs in again, and with the user', async (t) => {
    const { signIn } = await startSignIn(t)
    const { browser, authorize, logIn } = await signIn()
    const first = browser.cookie(name)

    await logIn(await authorize({ prompt: 'login' }))
    const again = browser.cookie(name)
    await logIn(await authorize({ prompt: 'login' }), { sub: 'bob' })

    assert.match(browser.cookie(name), pattern)
    const randoms = [first, again, browser.cookie(name)].map((state) => state.split('.')[0])
    assert.equal(new Set(randoms).size, 3)
  })

  it('goes when the user signs out', async (t) => {
    const { signIn } = await startSignIn(t)
    const { browser, logOut } = await signIn()

    await logOut()

    assert.equal(browser.cookie(name), '')
  })

  for (const [what, value] of [
    ['has lost it', ''],
    ['has another', 'x'.repeat(43)],
  ] as const)
    it(`comes back with the next answer to a browser that ${what}`, async (t) => {
      const { signIn } = await startSignIn(t)
      const { browser, authorize } = await signIn()
      const before = browser.cookie(name)
      browser.setCookie(name, value)

      await authorize({ prompt: 'none' })

      assert.equal(browser.cookie(name), before)
    })

  it('cannot be guessed where nobody is signed in, and stays as it is', async (t) => {
    const { openBrowser } = await startSignIn(t)
    const [one, other] = [openBrowser(), openBrowser()]
    await one.authorize({ prompt: 'none' })
    await other.authorize({ prompt: 'none' })
    const first = one.browser.cookie(name)

    await one.authorize({ prompt: 'none' })

    assert.match(first, /^[\w-]{43}$/)
    assert.notEqual(other.browser.cookie(name), first)
    assert.equal(one.browser.cookie(name), first)
  })
})
