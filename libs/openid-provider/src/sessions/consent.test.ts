import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { consentWithoutGoingOn } from '../../test-support/consent-without-going-on.ts'
import { memoryClients, webClient } from '../../test-support/people.ts'
import { startSignIn } from '../../test-support/sign-in.ts'
import { memoryStore } from '../index.ts'

const aCode = /^[\w-]{43}$/
const request = { client_id: 'asking', scope: 'openid profile scope1' }
const all = ['openid', 'profile', 'scope1']

describe('consent', () => {
  it('is asked for after the login, and only of clients that need it', async (t) => {
    const { signIn } = await startSignIn(t)

    const asking = await signIn(request)
    const web = await signIn()

    assert.equal(asking.landing.url.pathname, '/consent')
    assert.match(web.code, aCode)
  })

  it('is asked for with prompt consent, of any client', async (t) => {
    const { signIn } = await startSignIn(t)

    const { landing } = await signIn({ prompt: 'consent' })

    assert.equal(landing.url.pathname, '/consent')
  })

  it('cannot be asked for with prompt none', async (t) => {
    const { signIn } = await startSignIn(t)
    const { authorize } = await signIn()

    const { parameters } = await authorize({ ...request, prompt: 'none' })

    assert.equal(parameters.error, 'consent_required')
  })

  it('grants what was left ticked', async (t) => {
    const { signIn, redeem } = await startSignIn(t)
    const { landing, consent } = await signIn(request)

    const { parameters } = await consent(landing, { scopes: ['openid', 'scope1'] })

    const { scope } = await (await redeem(parameters.code ?? '', {}, 'asking')).json()
    assert.equal(scope, 'openid scope1')
  })

  it('grants nothing that was not asked for', async (t) => {
    const { signIn, redeem } = await startSignIn(t)
    const { landing, consent } = await signIn(request)

    const { parameters } = await consent(landing, { scopes: [...all, 'scope2', 'offline_access'] })

    const { scope } = await (await redeem(parameters.code ?? '', {}, 'asking')).json()
    assert.equal(scope, 'openid profile scope1')
  })

  for (const scopes of [[], ['scope1'], ['nope']])
    it(`is a refusal when only ${JSON.stringify(scopes)} is ticked and openid is required`, async (t) => {
      const { signIn } = await startSignIn(t)
      const { landing, consent } = await signIn(request)

      const { parameters } = await consent(landing, { scopes })

      assert.equal(parameters.error, 'access_denied')
      assert.equal(parameters.error_description, 'the user consented to too little')
    })

  it('is a refusal when the user says no, also after they go back', async (t) => {
    const { signIn } = await startSignIn(t)
    const { landing, cancel, consent } = await signIn(request)

    const answer = await cancel(landing)
    const second = await consent(landing, { scopes: all })

    assert.equal(answer.parameters.error, 'access_denied')
    assert.equal(second.url.pathname, '/error')
  })

  it('holds for the user who gave it: another who signs in meanwhile is asked', async (t) => {
    const { issuer, signIn, openBrowser } = await startSignIn(t)
    const { landing, browser } = await signIn(request)
    const { returnUrl = '' } = landing.parameters
    const cookie = browser.cookiesFor('/')
    await consentWithoutGoingOn(issuer, { returnUrl, cookie }, { scopes: all, remember: true })
    const bob = openBrowser()
    await bob.logIn(await bob.authorize(), { sub: 'bob' })

    const { url } = await bob.browser.open(returnUrl)

    assert.equal(url.pathname, '/consent')
  })

  for (const remember of [true, false])
    it(`is not used that was taken back, ${remember ? 'remembered' : 'for once'}`, async (t) => {
      const { issuer, signIn } = await startSignIn(t)
      const { landing, browser, authorize, revokeGrants } = await signIn(request)
      const { returnUrl = '' } = landing.parameters
      const cookie = browser.cookiesFor('/')
      await consentWithoutGoingOn(issuer, { returnUrl, cookie }, { scopes: all, remember })

      await revokeGrants('asking')

      assert.equal((await browser.open(returnUrl)).url.pathname, '/error')
      assert.equal((await authorize(request)).url.pathname, '/consent')
    })

  it('is used once, by two tabs that come back at the same time', async (t) => {
    const store = memoryStore()
    const { issuer, signIn } = await startSignIn(t, { store })
    const { landing, browser } = await signIn(request)
    const { returnUrl = '' } = landing.parameters
    const cookie = browser.cookiesFor('/')
    await consentWithoutGoingOn(issuer, { returnUrl, cookie }, { scopes: all, remember: false })

    const landings = await Promise.all([browser.open(returnUrl), browser.open(returnUrl)])

    const codes = landings.filter(({ parameters }) => aCode.test(parameters.code ?? ''))
    assert.equal(codes.length, 1)
    const left = await store.getAll({ type: ['waiting_request', 'used_consent'] })
    assert.deepEqual(left, [])
  })

  it('is not taken from a browser in which nobody is signed in', async (t) => {
    const { issuer, signIn } = await startSignIn(t)
    const { landing, browser } = await signIn(request)
    const { returnUrl = '' } = landing.parameters

    await consentWithoutGoingOn(issuer, { returnUrl, cookie: '' }, { scopes: all, remember: true })

    assert.equal((await browser.open(returnUrl)).url.pathname, '/consent')
  })
})

describe('remembered consent', () => {
  async function consentOnce(
    started: Awaited<ReturnType<typeof startSignIn>>,
    { scopes = all, changes = request } = {},
  ) {
    const signedIn = await started.signIn(changes)
    await signedIn.consent(signedIn.landing, { scopes, remember: true })
    return signedIn
  }

  it('is not asked for again, for the same scopes or fewer', async (t) => {
    const { authorize } = await consentOnce(await startSignIn(t))

    const same = await authorize({ ...request, prompt: 'none' })
    const fewer = await authorize({ ...request, scope: 'openid', prompt: 'none' })

    assert.match(same.parameters.code ?? '', aCode)
    assert.match(fewer.parameters.code ?? '', aCode)
  })

  it('is asked for again for more scopes', async (t) => {
    const { authorize } = await consentOnce(await startSignIn(t))

    const more = await authorize({ ...request, scope: 'openid profile scope1 scope2' })

    assert.equal(more.url.pathname, '/consent')
  })

  it('is asked for again for what was unticked', async (t) => {
    const { authorize } = await consentOnce(await startSignIn(t), { scopes: ['openid'] })

    const { url } = await authorize(request)

    assert.equal(url.pathname, '/consent')
  })

  it('ends with one that is for once', async (t) => {
    const { authorize, consent } = await consentOnce(await startSignIn(t))
    const page = await authorize({ ...request, prompt: 'consent' })

    const { parameters } = await consent(page, { scopes: ['openid'], remember: false })
    const next = await authorize(request)

    assert.match(parameters.code ?? '', aCode)
    assert.equal(next.url.pathname, '/consent')
  })

  for (const [what, scopes, asked] of [
    ['stays beside one to access without the user', ['openid', 'profile', 'offline_access'], false],
    [
      'ends with one to access without the user that is narrower',
      ['openid', 'offline_access'],
      true,
    ],
  ] as const)
    it(what, async (t) => {
      const { authorize, consent } = await consentOnce(await startSignIn(t), {
        scopes: ['openid', 'profile'],
        changes: { ...request, scope: 'openid profile' },
      })
      const page = await authorize({ ...request, scope: 'openid profile offline_access' })

      await consent(page, { scopes, remember: false })
      const next = await authorize({ ...request, scope: 'openid profile' })

      assert.equal(next.url.pathname === '/consent', asked)
    })

  it('is asked for again with prompt consent', async (t) => {
    const { authorize } = await consentOnce(await startSignIn(t))

    const { url } = await authorize({ ...request, prompt: 'consent' })

    assert.equal(url.pathname, '/consent')
  })

  it('is asked for each time for access without the user', async (t) => {
    const changes = { ...request, scope: 'openid offline_access' }
    const scopes = ['openid', 'offline_access']
    const { authorize } = await consentOnce(await startSignIn(t), { scopes, changes })

    const { url } = await authorize(changes)

    assert.equal(url.pathname, '/consent')
  })

  it('is not that of another user', async (t) => {
    const { logOut, authorize, logIn } = await consentOnce(await startSignIn(t))
    await logOut()

    const { url } = await logIn(await authorize(request), { sub: 'bob' })

    assert.equal(url.pathname, '/consent')
  })

  it('is not that of another client', async (t) => {
    const clients = ['asking', 'second'].map((clientId) => ({
      ...webClient,
      clientId,
      requireConsent: true,
    }))
    const { authorize } = await consentOnce(await startSignIn(t, { clients }))

    const { url } = await authorize({ ...request, client_id: 'second' })

    assert.equal(url.pathname, '/consent')
  })

  it('ends when its lifetime does', async (t) => {
    const clock = { now: Date.UTC(2030, 0, 1) }
    const client = { ...webClient, clientId: 'asking', requireConsent: true, consentLifetime: 60 }
    const started = await startSignIn(t, { clients: [client], now: () => clock.now })
    const { authorize } = await consentOnce(started)

    clock.now += 59_999
    const inTime = await authorize(request)
    clock.now += 1
    const tooLate = await authorize(request)

    assert.match(inTime.parameters.code ?? '', aCode)
    assert.equal(tooLate.url.pathname, '/consent')
  })

  it('is not kept for a client that does not allow it', async (t) => {
    const client = {
      ...webClient,
      clientId: 'asking',
      requireConsent: true,
      allowRememberConsent: false,
    }
    const store = memoryStore()
    const { authorize } = await consentOnce(await startSignIn(t, { clients: [client], store }))

    const { url } = await authorize(request)

    assert.equal(url.pathname, '/consent')
    assert.deepEqual(await store.getAll({ type: 'user_consent' }), [])
  })

  it('does not count any more when the client may no longer have it remembered', async (t) => {
    const client = { ...webClient, clientId: 'asking', requireConsent: true }
    const clients = memoryClients(client)
    const { authorize } = await consentOnce(await startSignIn(t, { clients }))

    clients.put({ ...client, allowRememberConsent: false })

    assert.equal((await authorize(request)).url.pathname, '/consent')
  })

  it('is not kept when nothing was ticked', async (t) => {
    const store = memoryStore()

    await consentOnce(await startSignIn(t, { store }), { scopes: [] })

    assert.deepEqual(await store.getAll({ type: 'user_consent' }), [])
  })
})
