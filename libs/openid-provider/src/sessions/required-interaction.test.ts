import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { decodeJwt } from 'jose'

import { webClient } from '../../test-support/people.ts'
import { startSignIn } from '../../test-support/sign-in.ts'

const aCode = /^[\w-]{43}$/
const minute = 60_000

function startClock() {
  const clock = { now: Date.UTC(2030, 0, 1) }
  return { clock, now: () => clock.now }
}

describe('login', () => {
  it('is asked of a stranger, once', async (t) => {
    const { openBrowser } = await startSignIn(t)
    const { authorize, logIn } = openBrowser()

    const page = await authorize()
    const answer = await logIn(page)

    assert.equal(page.url.pathname, '/account/login')
    assert.match(answer.parameters.code ?? '', aCode)
  })

  it('is not asked again while the session lasts', async (t) => {
    const { signIn } = await startSignIn(t)
    const { authorize } = await signIn()

    const { parameters } = await authorize({ client_id: 'other' })

    assert.match(parameters.code ?? '', aCode)
  })

  it('cannot be asked with prompt none', async (t) => {
    const { openBrowser } = await startSignIn(t)

    const { parameters } = await openBrowser().authorize({ prompt: 'none' })

    assert.equal(parameters.error, 'login_required')
  })

  for (const request of [
    { prompt: 'login' },
    { prompt: 'select_account' },
    { prompt: 'login consent' },
    { max_age: '0' },
  ])
    it(`is asked of a user who is signed in, and once, with ${JSON.stringify(request)}`, async (t) => {
      const { signIn, redeem } = await startSignIn(t)
      const { authorize, logIn, consent } = await signIn()

      const page = await authorize(request)
      const next = await logIn(page)
      const answer =
        next.url.pathname === '/consent' ? await consent(next, { scopes: ['openid'] }) : next

      assert.equal(page.url.pathname, '/account/login')
      const { id_token } = await (await redeem(answer.parameters.code ?? '')).json()
      assert.equal(decodeJwt(id_token).sub, 'alice')
    })

  it('is asked for again when the user took longer than max_age to consent', async (t) => {
    const { clock, now } = startClock()
    const { openBrowser } = await startSignIn(t, { now })
    const { authorize, logIn, consent } = openBrowser()
    const page = await logIn(await authorize({ max_age: '60', prompt: 'consent' }))

    clock.now += 2 * minute
    const late = await consent(page, { scopes: ['openid'] })
    const answer = await logIn(late)

    assert.equal(late.url.pathname, '/account/login')
    assert.match(answer.parameters.code ?? '', aCode)
  })

  it('is asked for with max_age 0 even in the moment of the last one', async (t) => {
    const { now } = startClock()
    const { signIn } = await startSignIn(t, { now })
    const { authorize } = await signIn()

    const { parameters } = await authorize({ max_age: '0', prompt: 'none' })

    assert.equal(parameters.error, 'login_required')
  })

  it('does not count for prompt login when it was before the request', async (t) => {
    const { clock, now } = startClock()
    const { signIn } = await startSignIn(t, { now })
    const { authorize, browser } = await signIn()
    clock.now += 1

    const page = await authorize({ prompt: 'login' })
    const backWithoutLogin = await browser.open(page.parameters.returnUrl ?? '')

    assert.equal(backWithoutLogin.url.pathname, '/account/login')
  })

  for (const [way, client, changes] of [
    ['max_age', webClient, { max_age: '60' }],
    ['userSsoLifetime', { ...webClient, userSsoLifetime: 60 }, {}],
    ['the shorter of both', { ...webClient, userSsoLifetime: 60 }, { max_age: '600' }],
  ] as const)
    it(`counts for as long as ${way} says`, async (t) => {
      const { clock, now } = startClock()
      const clients = [{ ...client, clientId: 'web' }]
      const { signIn } = await startSignIn(t, { now, clients })
      const { authorize } = await signIn()

      clock.now += minute
      const inTime = await authorize({ ...changes, prompt: 'none' })
      clock.now += 1
      const tooLate = await authorize({ ...changes, prompt: 'none' })

      assert.match(inTime.parameters.code ?? '', aCode)
      assert.equal(tooLate.parameters.error, 'login_required')
    })

  it('tells the time of the new login, and the session stays', async (t) => {
    const { clock, now } = startClock()
    const { signInForTokens, redeem } = await startSignIn(t, { now })
    const { tokens, authorize, logIn } = await signInForTokens()
    clock.now += 5 * minute

    const answer = await logIn(await authorize({ max_age: '60' }))

    const renewed = await (await redeem(answer.parameters.code ?? '')).json()
    const [before, after] = [decodeJwt(tokens.id_token), decodeJwt(renewed.id_token)]
    assert.equal(Number(after.auth_time) - Number(before.auth_time), 300)
    assert.equal(after.sid, before.sid)
  })

  it('does not count for a user who may no longer sign in', async (t) => {
    const { signIn, users } = await startSignIn(t)
    const { authorize } = await signIn()
    users.put({ sub: 'alice', active: false, claims: {} })

    const silent = await authorize({ prompt: 'none' })
    const page = await authorize()

    assert.equal(silent.parameters.error, 'login_required')
    assert.equal(page.url.pathname, '/account/login')
  })

  it('does not count for a user who is gone', async (t) => {
    const { signIn } = await startSignIn(t)

    const { landing } = await signIn({}, { sub: 'nobody' })

    assert.equal(landing.url.pathname, '/account/login')
  })

  it('is asked where acr_values says, and once', async (t) => {
    const options = { identityProviders: ['local', 'hospital'] }
    const { signIn } = await startSignIn(t, { options })
    const { authorize, logIn } = await signIn()

    const page = await authorize({ acr_values: 'idp:hospital' })
    const answer = await logIn(page, { sub: 'alice', idp: 'hospital' })
    const again = await authorize({ acr_values: 'idp:hospital' })

    assert.equal(page.url.pathname, '/account/login')
    assert.match(answer.parameters.code ?? '', aCode)
    assert.match(again.parameters.code ?? '', aCode)
  })

  it('is not asked for an identity provider that does not exist', async (t) => {
    const { signIn } = await startSignIn(t)
    const { authorize } = await signIn()

    const { parameters } = await authorize({ acr_values: 'idp:nowhere' })

    assert.match(parameters.code ?? '', aCode)
  })

  it('can be cancelled, and the client is told, once', async (t) => {
    const { openBrowser, issuer } = await startSignIn(t)
    const { authorize, cancel, logIn } = openBrowser()
    const page = await authorize({ state: 's' })

    const answer = await cancel(page)
    const backAndLogin = await logIn(page)

    const { session_state, ...told } = answer.parameters
    assert.deepEqual(told, {
      error: 'access_denied',
      error_description: 'the user refused',
      state: 's',
      iss: issuer,
    })
    assert.equal(backAndLogin.url.pathname, '/error')
  })
})
