import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it, type TestContext } from 'node:test'

import type { ErrorRequestHandler } from 'express'
import { decodeJwt } from 'jose'

import { interruptedStore } from '../../test-support/interrupted-store.ts'
import { startLogoutReceiver } from '../../test-support/logout-receiver.ts'
import { webClient } from '../../test-support/people.ts'
import { startSignIn } from '../../test-support/sign-in.ts'
import { memoryStore, type Store } from '../index.ts'

const second = 1_000

/** A token service whose two clients are told of logouts, at any step of which something can happen. */
async function startInterrupted(t: TestContext) {
  const { uri, tokens } = await startLogoutReceiver(t)
  const clock = { now: Date.UTC(2030, 0, 1) }
  const now = () => clock.now
  const { store, before } = interruptedStore(memoryStore({ now }))
  const clients = ['web', 'other'].map((clientId) => ({
    ...{ ...webClient, clientId, backChannelLogoutUri: uri },
  }))
  const started = await startSignIn(t, { clients, store, now })
  t.after(() => started.provider.close())
  const fail: ErrorRequestHandler = (_error, _req, res, _next) => res.status(500).json('failed')
  started.app.use(fail)
  const told = () =>
    tokens()
      .map((token) => decodeJwt(token))
      .map(({ aud, sid }) => `${aud} ${sid}`)
      .toSorted()

  /** Fulfilled when so many have been told in all: what is due is looked for in the background. */
  async function untilTold(count: number): Promise<string[]> {
    while (told().length < count) await once(started.events, 'logoutNotificationDelivered')
    return told()
  }

  return { ...started, clock, store, before, told, untilTold }
}

/** The steps at which a token service that ends a session may die. */
const steps: [step: string, method: keyof Store, type: string][] = [
  ['session is removed', 'take', 'login_session'],
  ['clients are read again', 'getAll', 'session_client'],
  ['first notification is stored', 'store', 'logout_notification'],
  ['clients are forgotten', 'remove', 'session_client'],
  ['codes are removed', 'removeAll', 'authorization_code'],
]

describe('the end of a session that fails before', { timeout: 20_000 }, () => {
  for (const [step, method, type] of steps)
    for (const [what, end] of [
      ['sign-out', (here: SignedIn) => here.logOut()],
      ['an end from elsewhere', (here: SignedIn, sid: string) => here.endSession(sid)],
      [
        'a sign-in as someone else',
        async ({ authorize, logIn }: SignedIn) =>
          logIn(await authorize({ prompt: 'login' }), { sub: 'bob' }),
      ],
    ] as const)
      it(`the ${step} leaves no client signed in and untold: ${what}`, async (t) => {
        const { signIn, store, before, clock, untilTold } = await startInterrupted(t)
        const here = await signIn()
        await here.authorize({ client_id: 'other' })
        const [{ sid }] = await here.sessions()
        if (method === 'getAll') before(method, type, () => undefined)
        before(method, type, () => {
          throw new Error('the store has gone')
        })
        await end(here, sid)
        const isLeft = (await store.getAll({ type: 'login_session', session_id: sid })).length > 0

        if (isLeft) await here.logOut()
        else clock.now += 30 * second

        assert.deepEqual(await untilTold(2), [`other ${sid}`, `web ${sid}`])
      })
})

type SignedIn = Awaited<ReturnType<Awaited<ReturnType<typeof startSignIn>>['signIn']>>

/** The steps of an authorization request at which its user may sign out. */
const moments: [moment: string, method: keyof Store, type: string][] = [
  ['its client is remembered', 'add', 'session_client'],
  ['its code is stored', 'store', 'authorization_code'],
  ['it is answered', 'getAll', 'login_session'],
]

describe('an authorization request whose user signs out before', { timeout: 20_000 }, () => {
  for (const [moment, method, type] of moments) {
    it(`${moment} gets nothing, and leaves nothing behind that is of use`, async (t) => {
      const { signIn, store, before, told } = await startInterrupted(t)
      const { authorize, logOut, sessions } = await signIn()
      const [{ sid }] = await sessions()
      before(method, type, logOut)

      const { parameters, url } = await authorize({ client_id: 'other', prompt: 'none' })

      assert.equal(url.origin, 'https://app.example')
      assert.equal(parameters.error, 'login_required')
      assert.deepEqual(await store.getAll({ type: 'authorization_code' }), [])
      assert.equal(told().includes(`web ${sid}`), true)
    })

    it(`${moment} is asked of whoever signs in next`, async (t) => {
      const { openBrowser, before } = await startInterrupted(t)
      const { authorize, logIn, logOut } = openBrowser()
      const page = await authorize({ state: 's' })
      before(method, type, logOut)

      const again = await logIn(page)
      const landing = await logIn(again, { sub: 'bob' })

      assert.equal(again.url.pathname, '/account/login')
      assert.deepEqual(Object.keys(landing.parameters), ['code', 'session_state', 'state', 'iss'])
    })
  }

  it('it is answered has no session state of theirs', async (t) => {
    const { signIn, before } = await startInterrupted(t)
    const { authorize, endSession, sessions, browser } = await signIn()
    const [{ sid }] = await sessions()
    const state = browser.cookie('idsrv.session')
    before('getAll', 'login_session', () => endSession(sid))

    await authorize({ prompt: 'none' })

    assert.match(browser.cookie('idsrv.session'), /^[\w-]{43}$/)
    assert.notEqual(browser.cookie('idsrv.session'), state)
  })
})

describe('a client that learns of a session', () => {
  for (const [moment, method, type] of [
    ['its clients are looked at', 'getAll', 'session_client'],
    ['it is removed', 'take', 'login_session'],
  ] as const)
    it(`just before ${moment} at its end is told of the end`, async (t) => {
      const { signIn, redeem, before, untilTold } = await startInterrupted(t)
      const { authorize, logOut, sessions } = await signIn()
      const [{ sid }] = await sessions()
      const late = Promise.withResolvers<string | undefined>()
      before(method, type, async () => {
        const { parameters } = await authorize({ client_id: 'other' })
        late.resolve(parameters.code)
      })

      await logOut()

      assert.deepEqual(await untilTold(2), [`other ${sid}`, `web ${sid}`])
      const tokens = await redeem((await late.promise) ?? '', {}, 'other')
      assert.equal((await tokens.json()).error, 'invalid_grant')
    })
})

describe('a session whose user signs in again', () => {
  for (const [how, isAtOnce] of [
    ['at the same time', true],
    ['with the same cookie', false],
  ] as const)
    it(`stays one when that happens twice ${how}`, async (t) => {
      const { signIn, openBrowser, issuer, store, untilTold, clock } = await startInterrupted(t)
      const { browser, sessions } = await signIn()
      const [{ sid }] = await sessions()
      const cookie = browser.cookiesFor('/')
      clock.now += second

      const post = () =>
        fetch(`${issuer}/account/login`, {
          method: 'POST',
          headers: { cookie },
          body: JSON.stringify({ login: { sub: 'alice' } }),
        })
      const responses = isAtOnce
        ? await Promise.all([post(), post()])
        : [await post(), await post()]

      const tabs = responses.map((response) => {
        const tab = openBrowser()
        const [, handle = ''] = /idsrv=([^;]+)/.exec(response.headers.getSetCookie().join()) ?? []
        tab.browser.setCookie('idsrv', handle)
        return tab
      })
      for (const tab of tabs) {
        const [{ isCurrent, ...one }, ...rest] = await tab.sessions()
        assert.deepEqual([isCurrent, one.sid, one.clients.length, rest], [true, sid, 1, []])
      }
      await tabs[0]?.logOut()
      assert.deepEqual(await untilTold(1), [`web ${sid}`])
      assert.deepEqual(await store.getAll({ subject: 'alice' }), [])
      assert.deepEqual(await tabs[1]?.sessions(), [])
    })

  it('is another one when the cookie was replaced a minute ago', async (t) => {
    const { signIn, openBrowser, clock } = await startInterrupted(t)
    const { browser, authorize, logIn, sessions } = await signIn()
    const old = openBrowser()
    old.browser.setCookie('idsrv', browser.cookie('idsrv'))
    await logIn(await authorize({ prompt: 'login' }))
    clock.now += 60 * second

    await old.logIn(await old.authorize({ prompt: 'login' }))

    const [{ sid }] = await old.sessions()
    assert.notEqual(sid, (await sessions())[0].sid)
  })

  for (const [moment, method] of [
    ['the new cookie is made', 'store'],
    ['the old cookie is worth nothing', 'take'],
  ] as const)
    it(`just after it has ended, before ${moment}, is another one`, async (t) => {
      const { signIn, store, before, untilTold } = await startInterrupted(t)
      const [here, elsewhere] = [await signIn(), await signIn()]
      const [{ sid }] = await here.sessions()
      const page = await here.authorize({ prompt: 'login' })
      before(method, 'login_session', () => elsewhere.endSession(sid))

      await here.logIn(page)

      const [session] = await here.sessions()
      assert.equal(session.isCurrent, true)
      assert.notEqual(session.sid, sid)
      assert.deepEqual(await store.getAll({ type: 'login_session', session_id: sid }), [])
      assert.deepEqual(await untilTold(1), [`web ${sid}`])
    })
})
