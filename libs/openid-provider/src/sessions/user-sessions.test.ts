import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it, type TestContext } from 'node:test'

import { decodeJwt } from 'jose'

import { startLogoutReceiver } from '../../test-support/logout-receiver.ts'
import { webClient } from '../../test-support/people.ts'
import { startSignIn } from '../../test-support/sign-in.ts'
import { memoryStore } from '../index.ts'

const hour = 60 * 60 * 1000
const start = Date.UTC(2030, 0, 1)

/** A token service whose two clients are told of logouts, and the sessions they were told of. */
async function startTold(t: TestContext) {
  const { uri, tokens } = await startLogoutReceiver(t)
  const clock = { now: start }
  const now = () => clock.now
  const store = memoryStore({ now })
  const clients = ['web', 'other'].map((clientId) => ({
    ...{ ...webClient, clientId, backChannelLogoutUri: uri },
    ...(clientId === 'web' && { clientName: 'Web' }),
  }))
  const silent = { ...webClient, clientId: 'silent' }
  const started = await startSignIn(t, { clients: [...clients, silent], store, now })
  t.after(() => started.provider.close())
  const told = () =>
    tokens()
      .map((token) => decodeJwt(token))
      .map(({ aud, sub, sid }) => ({ aud, sub, sid }))
  return { ...started, clock, store, told }
}

describe('sessions of a user', () => {
  it('are listed with their clients, this one first, and nobody else sees them', async (t) => {
    const { signIn, openBrowser, clock } = await startTold(t)
    await signIn({}, { sub: 'bob' })
    const first = await signIn({}, { sub: 'alice', remember: true })
    await first.authorize({ client_id: 'other' })
    clock.now += hour
    const second = await signIn()
    await second.authorize({ client_id: 'silent' })

    const [here, elsewhere, ...rest] = await second.sessions()

    const { sid, ...summary } = elsewhere
    assert.match(sid, /^[\w-]{22}$/)
    assert.deepEqual(
      { ...summary, clients: summary.clients.length },
      {
        ...{ isCurrent: false, authTime: start, expires: start + 720 * hour, remember: true },
        clients: 2,
      },
    )
    assert.deepEqual(here.clients, [
      { clientId: 'web', clientName: 'Web', hasBackChannelLogout: true },
      { clientId: 'silent', hasBackChannelLogout: false },
    ])
    assert.equal(here.isCurrent, true)
    assert.deepEqual(rest, [])
    assert.deepEqual(await openBrowser().sessions(), [])
  })

  it('name the browser', async (t) => {
    const { openBrowser, issuer } = await startTold(t)
    const { browser, sessions } = openBrowser()
    await browser.open(`${issuer}/account/login`, {
      method: 'POST',
      headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Firefox/143.0' },
      body: JSON.stringify({ login: { sub: 'alice' } }),
    })

    const [session] = await sessions()

    assert.equal(session.browser, 'Firefox on Linux')
  })

  it('can be ended one by one, and its clients are told of that one', async (t) => {
    const { signIn, told, events } = await startTold(t)
    const signedOut: object[] = []
    events.on('userSignedOut', (event) => signedOut.push(event))
    const other = await signIn()
    const here = await signIn()
    const [, { sid }] = await here.sessions()

    await Promise.all([here.endSession(sid), here.endSession(sid)])

    assert.deepEqual(told(), [{ aud: 'web', sub: 'alice', sid }])
    assert.deepEqual(signedOut, [{ sub: 'alice', sid }])
    assert.equal((await other.authorize({ prompt: 'none' })).parameters.error, 'login_required')
    assert.equal('code' in (await here.authorize({ prompt: 'none' })).parameters, true)
  })

  it('cannot be ended by another user, nor by a stranger', async (t) => {
    const { signIn, openBrowser, told } = await startTold(t)
    const alice = await signIn()
    const [{ sid }] = await alice.sessions()

    await (await signIn({}, { sub: 'bob' })).endSession(sid)
    await openBrowser().endSession(sid)

    assert.deepEqual(told(), [])
    assert.equal('code' in (await alice.authorize({ prompt: 'none' })).parameters, true)
  })

  it('end everywhere at once, and those of another user stay', async (t) => {
    const { signIn, told, events } = await startTold(t)
    const signedOut: string[] = []
    events.on('userSignedOut', ({ sid }) => signedOut.push(sid))
    const bob = await signIn({}, { sub: 'bob' })
    const here = await signIn()
    const elsewhere = [await signIn({ client_id: 'other' }), await signIn()]
    const sids = (await here.sessions()).map(({ sid }: { sid: string }) => sid)

    await here.signOutEverywhere()

    assert.deepEqual(
      told()
        .map(({ sid }) => sid)
        .sort(),
      sids.toSorted(),
    )
    assert.equal(sids.length, 3)
    assert.equal(signedOut[2], sids[0])
    for (const { authorize } of [here, ...elsewhere])
      assert.equal((await authorize({ prompt: 'none' })).parameters.error, 'login_required')
    assert.doesNotMatch(here.browser.cookiesFor('/'), /idsrv=/)
    assert.equal('code' in (await bob.authorize({ prompt: 'none' })).parameters, true)
  })
})

describe('a session that ends', () => {
  it('is told to its clients by the time the user sees that it has', async (t) => {
    const { signIn, told } = await startTold(t)
    const { authorize, sessions, logOut } = await signIn()
    await authorize({ client_id: 'other' })
    const [{ sid }] = await sessions()

    await logOut()

    assert.deepEqual(
      told().toSorted((one, two) => String(one.aud).localeCompare(String(two.aud))),
      [
        { aud: 'other', sub: 'alice', sid },
        { aud: 'web', sub: 'alice', sid },
      ],
    )
  })

  it('is told to its clients when another user takes over the browser', async (t) => {
    const { signIn, told } = await startTold(t)
    const { authorize, logIn, sessions } = await signIn()
    const [{ sid }] = await sessions()

    await logIn(await authorize({ prompt: 'login' }), { sub: 'bob' })

    assert.deepEqual(told(), [{ aud: 'web', sub: 'alice', sid }])
  })

  it('is told to its clients when it ends by itself', async (t) => {
    const { signIn, told, clock, provider } = await startTold(t)
    const { sessions } = await signIn()
    const [{ sid }] = await sessions()

    clock.now += 10 * hour
    await once(provider.events, 'logoutNotificationDelivered')

    assert.deepEqual(told(), [{ aud: 'web', sub: 'alice', sid }])
  })

  it('does not end while its user signs in again in time', async (t) => {
    const { signIn, told, clock, provider } = await startTold(t)
    const alice = await signIn()
    await signIn({}, { sub: 'bob' })
    clock.now += 9 * hour
    await alice.logIn(await alice.authorize({ prompt: 'login' }))

    clock.now += hour
    await once(provider.events, 'logoutNotificationDelivered')

    assert.deepEqual(
      told().map(({ sub }) => sub),
      ['bob'],
    )
  })
})
