import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { decodeJwt } from 'jose'

import { startSignIn } from '../../test-support/sign-in.ts'
import { memoryStore } from '../index.ts'

const name = 'idsrv.session'
const pattern = /^[\w-]{43}$/

describe('browser state', () => {
  for (const [scheme, attributes] of [
    ['http', 'Path=/; SameSite=Lax'],
    ['https', 'Path=/; Secure; SameSite=None'],
  ] as const)
    it(`is a cookie that scripts read, for ${scheme}`, async (t) => {
      const { issuer } = await startSignIn(t, { fixedIssuer: false, trustProxy: 1 })

      const response = await fetch(`${issuer}/account/login`, {
        method: 'POST',
        headers: { 'x-forwarded-proto': scheme },
        body: JSON.stringify({ login: { sub: 'alice' } }),
      })

      const line = response.headers.getSetCookie().findLast((each) => each.startsWith(`${name}=`))
      assert.equal(line?.replace(/=[\w-]{43};/, ';'), `${name}; ${attributes}`)
    })

  it('lasts as long as the session of someone who wants to be remembered', async (t) => {
    const { issuer } = await startSignIn(t, { now: () => Date.UTC(2030, 0, 1) })

    const response = await fetch(`${issuer}/account/login`, {
      method: 'POST',
      body: JSON.stringify({ login: { sub: 'alice', remember: true } }),
    })

    const line = response.headers.getSetCookie().findLast((each) => each.startsWith(`${name}=`))
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
    assert.notEqual(browser.cookie(name), decodeJwt(tokens.id_token).sid)
    assert.equal(parameters.error, 'login_required')
  })

  it('stays when the same user signs in again, and changes with the user', async (t) => {
    const { signIn } = await startSignIn(t)
    const { browser, authorize, logIn } = await signIn()
    const first = browser.cookie(name)

    await logIn(await authorize({ prompt: 'login' }))
    const again = browser.cookie(name)
    await logIn(await authorize({ prompt: 'login' }), { sub: 'bob' })

    assert.equal(again, first)
    assert.match(browser.cookie(name), pattern)
    assert.notEqual(browser.cookie(name), first)
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

    assert.match(first, pattern)
    assert.notEqual(other.browser.cookie(name), first)
    assert.equal(one.browser.cookie(name), first)
  })
})
