import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { consentWithoutGoingOn } from '../../test-support/consent-without-going-on.ts'
import { interruptedStore } from '../../test-support/interrupted-store.ts'
import { legacyClients } from '../../test-support/legacy-clients.ts'
import { memoryClients, webClient } from '../../test-support/people.ts'
import { startSignIn } from '../../test-support/sign-in.ts'
import { memoryStore } from '../index.ts'

const offline = 'openid profile scope1 offline_access'

describe('grants of a user', () => {
  it('are none before the user granted anything that lasts', async (t) => {
    const { signIn } = await startSignIn(t)
    const { grants } = await signIn()

    assert.deepEqual(await grants(), [])
  })

  it('are none for a stranger', async (t) => {
    const { openBrowser } = await startSignIn(t)

    assert.deepEqual(await openBrowser().grants(), [])
  })

  it('have the name that the user gave the device, also when consent is not remembered', async (t) => {
    const { openBrowser, redeem, refresh } = await startSignIn(t)
    const { authorize, logIn, consent, grants } = openBrowser()
    const page = await logIn(await authorize({ scope: offline, prompt: 'consent' }))
    const { parameters } = await consent(page, { scopes: offline.split(' '), description: 'Phone' })
    const { refresh_token } = await (await redeem(parameters.code ?? '')).json()
    await refresh(String(refresh_token))

    const [{ description }] = await grants()

    assert.equal(description, 'Phone')
  })

  it('say what a client may do without the user, and until when', async (t) => {
    const now = Date.UTC(2030, 0, 1)
    const { signInForTokens } = await startSignIn(t, { now: () => now })
    const { grants } = await signInForTokens({ scope: offline })

    const [{ identityResources, apiScopes, ...grant }, ...others] = await grants()

    const namesOf = (all: { name: string }[]) => all.map(({ name }) => name)
    assert.deepEqual(namesOf(identityResources), ['openid', 'profile'])
    assert.deepEqual(namesOf(apiScopes), ['scope1'])
    assert.deepEqual(grant, {
      clientId: 'web',
      created: now,
      expires: now + 30 * 24 * 60 * 60 * 1000,
      offlineAccess: true,
    })
    assert.deepEqual(others, [])
  })

  it('are one per client, with what the user called the device', async (t) => {
    const { signIn, redeem, refresh } = await startSignIn(t)
    const { landing, consent, grants } = await signIn({ client_id: 'asking', scope: offline })
    const { parameters } = await consent(landing, {
      scopes: offline.split(' '),
      remember: true,
      description: "Alice's phone",
    })
    const tokens = await (await redeem(parameters.code ?? '', {}, 'asking')).json()
    await refresh(tokens.refresh_token, {}, 'asking')

    const [{ clientId, description, offlineAccess, expires }, ...others] = await grants()

    assert.deepEqual(
      { clientId, description, offlineAccess, expires },
      // Remembered consent lasts until it is taken back.
      { clientId: 'asking', description: "Alice's phone", offlineAccess: true, expires: undefined },
    )
    assert.deepEqual(others, [])
  })

  it('name all scopes still, after a refresh for a part of them', async (t) => {
    const { signInForTokens, refresh } = await startSignIn(t)
    const { tokens, grants } = await signInForTokens({ client_id: 'rotating', scope: offline })
    await refresh(tokens.refresh_token, { scope: 'openid' }, 'rotating')

    const [{ identityResources, apiScopes }] = await grants()

    assert.equal(identityResources.length + apiScopes.length, 3)
  })

  it('are those of the user who asks, and of nobody else', async (t) => {
    const { signInForTokens, signIn } = await startSignIn(t)
    await signInForTokens({ scope: offline })
    const { grants } = await signIn({}, { sub: 'bob' })

    assert.deepEqual(await grants(), [])
  })
})

describe('taking grants back', () => {
  it('ends refresh tokens, reference tokens and JWTs of the client', async (t) => {
    const { signInForTokens, refresh, userinfo } = await startSignIn(t)
    for (const client_id of ['web', 'reference']) {
      const { tokens, grants, revokeGrants } = await signInForTokens({ client_id, scope: offline })

      await revokeGrants(client_id)

      assert.deepEqual(await grants(), [])
      const refused = await refresh(tokens.refresh_token, {}, client_id)
      assert.equal((await refused.json()).error, 'invalid_grant')
      assert.equal((await userinfo(tokens.access_token)).status, 401)
    }
  })

  it('ends JWTs of a client that has nothing else, as long as they live', async (t) => {
    const day = 24 * 60 * 60
    const clock = { now: Date.UTC(2030, 0, 1) }
    const clients = [{ ...webClient, clientId: 'web', accessTokenLifetime: 60 * day }]
    const started = await startSignIn(t, { clients, now: () => clock.now })
    const { tokens, revokeGrants } = await started.signInForTokens()

    await revokeGrants('web')

    for (const days of [0, 59]) {
      clock.now += days * day * 1000
      assert.equal((await started.userinfo(tokens.access_token)).status, 401)
    }
  })

  for (const [what, lifetimes] of [
    ['a record of its own', { accessTokenLifetime: 3600 }],
    [
      'what is left of its code',
      { accessTokenLifetime: 3600, absoluteRefreshTokenLifetime: 30 * 24 * 60 * 60 },
    ],
    ['its refresh token, which ends as late', { accessTokenLifetime: 1800 }],
    ['itself, as it is a reference', { accessTokenLifetime: 3600, accessTokenType: 'reference' }],
  ] as const)
    it(`ends the last access token of a client that stayed away, found by ${what}`, async (t) => {
      const clock = { now: Date.UTC(2030, 0, 1) }
      const store = memoryStore({ now: () => clock.now })
      const client = {
        ...webClient,
        clientId: 'web',
        refreshTokenExpiration: 'sliding',
        slidingRefreshTokenLifetime: 1800,
        absoluteRefreshTokenLifetime: 0,
        ...lifetimes,
      } as const
      const setup = { store, clients: [client], now: () => clock.now }
      const { signIn, signInForTokens, refresh, userinfo } = await startSignIn(t, setup)
      let { tokens } = await signInForTokens({ scope: offline })
      for (let time = 0; time < 5; time++) {
        clock.now += 1_700_000
        tokens = await (await refresh(tokens.refresh_token)).json()
      }
      const isNeeded = what === 'a record of its own'
      assert.equal((await store.getAll({ type: 'outliving_token' })).length, isNeeded ? 1 : 0)
      clock.now += 1_799_999
      assert.equal((await userinfo(tokens.access_token)).status, 200)
      if (lifetimes.accessTokenLifetime > 1800) clock.now += 100_000
      const { revokeGrants } = await signIn()

      await revokeGrants('web')

      assert.equal((await userinfo(tokens.access_token)).status, 401)
    })

  for (const [what, client_id, response_type] of [
    ['without a code', 'implicit', 'id_token token'],
    ['with a code that nobody came for', 'hybrid', 'code id_token token'],
  ] as const)
    it(`ends a JWT that came through the browser ${what}, as long as it lives`, async (t) => {
      const clock = { now: Date.UTC(2030, 0, 1) }
      const clients = legacyClients
      const started = await startSignIn(t, { clients, now: () => clock.now })
      const { signIn, userinfo, introspect } = started
      const scope = 'openid scope1'
      const { landing, revokeGrants } = await signIn({
        client_id,
        response_type,
        scope,
        nonce: 'n',
      })
      const { access_token = '' } = landing.parameters
      clock.now += 3_599_999
      assert.equal((await userinfo(access_token)).status, 200)

      await revokeGrants(client_id)

      assert.equal((await userinfo(access_token)).status, 401)
      const api = { client_id: 'urn:api1', secret: 'api-secret' }
      assert.deepEqual(await (await introspect(access_token, api)).json(), { active: false })
    })

  it('ends a JWT that took long to be issued', async (t) => {
    const clock = { now: Date.UTC(2030, 0, 1) }
    const { store, before } = interruptedStore(memoryStore({ now: () => clock.now }))
    const started = await startSignIn(t, { store, now: () => clock.now })
    const { signIn, redeem, userinfo, users } = started
    const { code, revokeGrants } = await signIn()
    // Some more time, after the code is spent and before there is a token.
    before('supersede', 'authorization_code', () => {
      const { findUserBySub } = users
      users.findUserBySub = (sub) => {
        clock.now += 50_000
        users.findUserBySub = findUserBySub
        return findUserBySub(sub)
      }
    })
    const tokens = await (await redeem(code)).json()
    clock.now += 3_599_999

    await revokeGrants('web')

    assert.equal((await userinfo(tokens.access_token)).status, 401)
  })

  it('ends codes that were not redeemed yet', async (t) => {
    const { signIn, redeem } = await startSignIn(t)
    const { code, revokeGrants } = await signIn()

    await revokeGrants('web')

    assert.equal((await (await redeem(code)).json()).error, 'invalid_grant')
  })

  it('has consent asked for again', async (t) => {
    const { signIn } = await startSignIn(t)
    const { landing, consent, authorize, revokeGrants } = await signIn({ client_id: 'asking' })
    await consent(landing, { scopes: ['openid'], remember: true })

    await revokeGrants('asking')

    assert.equal((await authorize({ client_id: 'asking' })).url.pathname, '/consent')
  })

  for (const [response_type, grantType, remember] of [
    ['code', 'authorization_code', true],
    ['code', 'authorization_code', false],
    ['code id_token token', 'hybrid', true],
    ['code id_token token', 'hybrid', false],
    ['id_token token', 'implicit', true],
    ['id_token token', 'implicit', false],
  ] as const)
    it(`leaves nothing that works here of ${response_type}, issued by consent ${remember ? 'remembered' : 'for once'}, whichever step comes between`, async (t) => {
      const { store, beforeStep } = interruptedStore(memoryStore())
      const asking = {
        ...webClient,
        clientId: 'asking',
        requireConsent: true,
        allowedGrantTypes: [grantType],
        allowAccessTokensViaBrowser: true,
      }
      const started = await startSignIn(t, { store, clients: [asking] })
      const { issuer, signIn, redeem, userinfo } = started
      const request = { client_id: 'asking', response_type, nonce: 'n' }

      /** Whether a step was left, at which the one interrupted the other. */
      async function interrupt(step: number, isIssuing: boolean) {
        const { landing, browser, authorize, revokeGrants } = await signIn(request)
        const { returnUrl = '' } = landing.parameters
        const cookie = browser.cookiesFor('/')
        await consentWithoutGoingOn(issuer, { returnUrl, cookie }, { scopes: ['openid'], remember })
        const issued: Awaited<ReturnType<typeof authorize>>[] = []
        let interruption: Promise<unknown> | undefined
        const issue = async () =>
          issued.push(remember ? await authorize(request) : await browser.open(returnUrl))
        const takeBack = () => revokeGrants('asking')
        beforeStep(step, () => {
          interruption = isIssuing ? takeBack() : issue()
          return interruption
        })
        await (isIssuing ? issue() : takeBack())
        if (interruption === undefined) return false
        await interruption

        const { code, access_token } = issued[0]?.parameters ?? {}
        if (code !== undefined) assert.equal((await redeem(code, {}, 'asking')).status, 400)
        if (access_token !== undefined) assert.equal((await userinfo(access_token)).status, 401)
        assert.equal((await authorize(request)).url.pathname, '/consent')
        return true
      }

      for (const isIssuing of [true, false]) {
        let step = 1
        while (await interrupt(step, isIssuing)) step++
        assert.ok(step > 3, `there were ${step} steps`)
      }
    })

  it('has consent asked for again, whichever step comes between after it was given', async (t) => {
    const { store, beforeStep } = interruptedStore(memoryStore())
    const { issuer, signIn } = await startSignIn(t, { store })
    const request = { client_id: 'asking' }
    const answer = { scopes: ['openid'], remember: true }
    const given = { type: 'waiting_request', client_id: 'asking', subject: 'alice' }
    let interruptions = 0

    /** Whether a step was left, before which the consent was taken back. */
    async function interrupt(step: number) {
      const { landing, browser, authorize, revokeGrants } = await signIn(request)
      const { returnUrl = '' } = landing.parameters
      let wasGiven: boolean | undefined
      beforeStep(step, async () => {
        wasGiven = (await store.getAll(given)).length > 0
        await revokeGrants('asking')
      })
      await consentWithoutGoingOn(issuer, { returnUrl, cookie: browser.cookiesFor('/') }, answer)
      if (wasGiven) assert.equal((await authorize(request)).url.pathname, '/consent')
      if (wasGiven) interruptions++
      await revokeGrants('asking')
      return wasGiven !== undefined
    }

    let step = 1
    while (await interrupt(step)) step++
    assert.ok(interruptions > 0, 'it was never interrupted')
  })

  it('is told to a client, whose code was being issued, as consent that is missing', async (t) => {
    const { store, before } = interruptedStore(memoryStore())
    const { signIn, events } = await startSignIn(t, { store })
    const told: unknown[] = []
    events.on('grantRevoked', ({ reason }) => told.push(reason))
    const request = { client_id: 'asking' }
    const { landing, consent, authorize, revokeGrants } = await signIn(request)
    await consent(landing, { scopes: ['openid'], remember: true })
    before('store', 'authorization_code', () => revokeGrants('asking'))

    const { parameters } = await authorize({ ...request, prompt: 'none' })

    assert.equal(parameters.error, 'consent_required')
    assert.deepEqual(await store.getAll({ type: 'authorization_code' }), [])
    assert.deepEqual(told, ['the consent to it was taken back or ended while it was issued'])
  })

  it('asks nothing of a client that wants no page, also when the consent is given anew meanwhile', async (t) => {
    const { store, before } = interruptedStore(memoryStore())
    const { signIn } = await startSignIn(t, { store })
    const request = { client_id: 'asking' }
    const { landing, consent, authorize, revokeGrants } = await signIn(request)
    const consentOnce = async () => {
      const page = await authorize({ ...request, prompt: 'consent' })
      await consent(page, { scopes: ['openid'], remember: true })
    }
    await consent(landing, { scopes: ['openid'], remember: true })
    before('store', 'authorization_code', async () => {
      await revokeGrants('asking')
      before('add', 'revoked_grant', consentOnce)
    })

    const { parameters } = await authorize({ ...request, prompt: 'none' })

    assert.equal(parameters.error, 'consent_required')
  })

  for (const [what, requireConsent] of [
    ['a remembered consent', true],
    ['a refresh token', false],
  ] as const)
    it(`can be repeated when it breaks off, at whichever step: what lives is listed by ${what}`, async (t) => {
      const { store, beforeStep } = interruptedStore(memoryStore())
      const clients = [{ ...webClient, clientId: 'app', requireConsent }]
      const { signIn, redeem, userinfo } = await startSignIn(t, { store, clients })
      const scope = requireConsent ? 'openid' : 'openid offline_access'

      /** Whether it was broken off. */
      async function breakOff(step: number) {
        const { landing, consent, authorize, grants, revokeGrants } = await signIn({
          client_id: 'app',
          scope,
        })
        const { parameters } = requireConsent
          ? await consent(landing, { scopes: ['openid'], remember: true })
          : landing
        await redeem(parameters.code ?? '', {}, 'app')
        const second = await authorize({ client_id: 'app' })
        const { access_token } = await (
          await redeem(second.parameters.code ?? '', {}, 'app')
        ).json()
        let isBrokenOff = false
        beforeStep(step, () => {
          isBrokenOff = true
          throw new Error('killed')
        })
        await revokeGrants('app')
        beforeStep(0, () => undefined)

        if ((await grants()).length === 0) {
          assert.equal((await userinfo(access_token)).status, 401, `step ${step}`)
          const next = await authorize({ client_id: 'app', prompt: 'none' })
          if (requireConsent) assert.equal(next.parameters.error, 'consent_required')
        }
        await revokeGrants('app')
        assert.deepEqual(await grants(), [])
        assert.equal((await userinfo(access_token)).status, 401)
        return isBrokenOff
      }

      let step = 1
      while (await breakOff(step)) step++
      assert.ok(step > 6, `there were ${step} steps`)
    })

  it('takes nothing back while the client cannot be looked up, so that it can be repeated', async (t) => {
    const clients = memoryClients({ ...webClient, clientId: 'asking', requireConsent: true })
    const { findClientById } = clients
    const { signIn } = await startSignIn(t, { clients })
    const { landing, consent, grants, revokeGrants } = await signIn({ client_id: 'asking' })
    await consent(landing, { scopes: ['openid'], remember: true })

    clients.findClientById = () => {
      throw new Error('the client store is down')
    }
    const { status } = await revokeGrants('asking')
    clients.findClientById = findClientById

    assert.equal(status, 500)
    assert.equal((await grants()).length, 1)
  })

  it('leaves what others granted, and what was granted to others', async (t) => {
    const { signInForTokens, refresh } = await startSignIn(t)
    const bob = await signInForTokens({ scope: offline }, { sub: 'bob' })
    const other = await signInForTokens({ client_id: 'other', scope: offline })
    const { revokeGrants } = await signInForTokens({ scope: offline })

    await revokeGrants('web')

    assert.equal((await refresh(bob.tokens.refresh_token)).status, 200)
    assert.equal((await refresh(other.tokens.refresh_token, {}, 'other')).status, 200)
  })

  it('leaves what is granted anew meanwhile whole, or nothing of it', async (t) => {
    const { store, before } = interruptedStore(memoryStore())
    const { signInForTokens, refresh, userinfo } = await startSignIn(t, { store })
    const { revokeGrants } = await signInForTokens({ scope: offline })
    const none = { access_token: '', refresh_token: '' }
    let [ended, tokens] = [none, none]
    before('add', 'revoked_grant', async () => {
      ended = (await signInForTokens({ scope: offline })).tokens
      before('add', 'revoked_grant', async () => {
        tokens = (await signInForTokens({ scope: offline })).tokens
      })
    })

    await revokeGrants('web')

    assert.equal((await refresh(ended.refresh_token)).status, 400)
    assert.equal((await userinfo(ended.access_token)).status, 401)
    assert.equal((await refresh(tokens.refresh_token)).status, 200)
    await revokeGrants('web')
    assert.equal((await userinfo(tokens.access_token)).status, 401)
  })

  it('is not for a stranger', async (t) => {
    const { signInForTokens, openBrowser, refresh } = await startSignIn(t)
    const { tokens } = await signInForTokens({ scope: offline })

    await openBrowser().revokeGrants('web')

    assert.equal((await refresh(tokens.refresh_token)).status, 200)
  })

  it('is told to the host', async (t) => {
    const { events, signIn } = await startSignIn(t)
    const told: unknown[] = []
    events.on('grantsRevoked', (event) => told.push(event))
    const { revokeGrants } = await signIn()

    await revokeGrants('web')

    assert.deepEqual(told, [{ client_id: 'web', sub: 'alice' }])
  })
})
