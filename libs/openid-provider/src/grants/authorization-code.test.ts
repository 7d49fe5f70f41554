import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createCodeChallenge } from '@basics/protocol'
import { decodeJwt } from 'jose'

import { interruptedStore } from '../../test-support/interrupted-store.ts'
import { memoryClients, userClients, webClient } from '../../test-support/people.ts'
import { code_verifier, startSignIn } from '../../test-support/sign-in.ts'
import { slowStore } from '../../test-support/slow-store.ts'
import { type Client, memoryStore } from '../index.ts'

const unknownCode = {
  error: 'invalid_grant',
  error_description: 'code is unknown, used, revoked or expired',
}

const slidingClient: Client = {
  ...webClient,
  clientId: 'sliding',
  refreshTokenExpiration: 'sliding',
  absoluteRefreshTokenLifetime: 0,
}

describe('authorization code', () => {
  it('is exchanged for tokens, which nobody may cache', async (t) => {
    const { signIn, redeem } = await startSignIn(t)
    const { code } = await signIn({ scope: 'openid scope1' })

    const response = await redeem(code)

    const { access_token, id_token, ...rest } = await response.json()
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.equal(decodeJwt(access_token).sub, 'alice')
    assert.equal(decodeJwt(id_token).sub, 'alice')
    assert.deepEqual(rest, { expires_in: 3600, token_type: 'Bearer', scope: 'openid scope1' })
  })

  it('brings a refresh token only with offline_access', async (t) => {
    const { signInForTokens } = await startSignIn(t)

    const without = await signInForTokens()
    const withIt = await signInForTokens({ scope: 'openid offline_access' })

    assert.equal('refresh_token' in without.tokens, false)
    assert.match(withIt.tokens.refresh_token, /^[\w-]{43}$/)
  })

  it('is stored as a hash', async (t) => {
    const store = memoryStore()
    const { signIn } = await startSignIn(t, { store })
    const { code } = await signIn()

    const records = await store.getAll({ type: 'authorization_code' })

    assert.equal(records.length, 1)
    assert.equal(JSON.stringify(records).includes(code), false)
  })

  for (const [problem, changes, description] of [
    ['without a code_verifier', { code_verifier: undefined }, 'code_verifier'],
    ['with another code_verifier', { code_verifier: 'w'.repeat(43) }, 'code_verifier'],
    [
      'with the code_challenge',
      { code_verifier: createCodeChallenge(code_verifier) },
      'code_verifier',
    ],
    ['without a redirect_uri', { redirect_uri: undefined }, 'redirect_uri'],
    ['with another redirect_uri', { redirect_uri: 'https://app.example/CB' }, 'redirect_uri'],
  ] as const)
    it(`is not exchanged ${problem}, and then no more`, async (t) => {
      const { signIn, redeem } = await startSignIn(t)
      const { code } = await signIn()

      const wrong = await (await redeem(code, changes)).json()
      const right = await (await redeem(code)).json()

      assert.equal(wrong.error, 'invalid_grant')
      assert.match(String(wrong.error_description), new RegExp(`^${description} `))
      assert.deepEqual(right, unknownCode)
    })

  it('is not exchanged with a code_verifier when it was asked for without a code_challenge', async (t) => {
    const clients = [{ ...webClient, clientId: 'web', requirePkce: false }]
    const { signIn, redeem } = await startSignIn(t, { clients })
    const { code } = await signIn({ code_challenge: undefined, code_challenge_method: undefined })

    const response = await redeem(code)

    assert.equal((await response.json()).error, 'invalid_grant')
  })

  it('is not exchanged when the user signs out meanwhile', async (t) => {
    const { store, before } = interruptedStore(memoryStore())
    const { signIn, redeem } = await startSignIn(t, { store })
    const { code, logOut } = await signIn({ scope: 'openid offline_access' })
    // When there are tokens already.
    before('getAll', 'login_session', logOut)

    const response = await redeem(code)

    assert.equal((await response.json()).error, 'invalid_grant')
    assert.deepEqual(await store.getAll({ type: ['refresh_token', 'spent_handle'] }), [])
  })

  it('is not exchanged either when another tab has just come with the session that ended', async (t) => {
    const { store, before } = interruptedStore(memoryStore())
    const { signIn, redeem } = await startSignIn(t, { store })
    const { code, authorize, logOut } = await signIn()
    before('getAll', 'login_session', async () => {
      before('get', 'session_client', logOut)
      await authorize({ prompt: 'none' })
    })

    const response = await redeem(code)

    assert.equal((await response.json()).error, 'invalid_grant')
    assert.equal((await store.getAll({ type: 'session_client' })).length, 1)
  })

  it('is not exchanged by another client', async (t) => {
    const { signIn, redeem } = await startSignIn(t)
    const { code } = await signIn()

    const response = await redeem(code, {}, 'other')

    assert.deepEqual(await response.json(), {
      error: 'invalid_grant',
      error_description: 'code was issued to another client',
    })
    assert.equal((await redeem(code)).status, 200)
  })

  it('is needed', async (t) => {
    const { redeem } = await startSignIn(t)

    const response = await redeem('', { code: undefined })

    assert.equal((await response.json()).error, 'invalid_request')
  })

  it('expires after five minutes', async (t) => {
    const clock = { now: Date.UTC(2030, 0, 1) }
    const { signIn, redeem } = await startSignIn(t, { now: () => clock.now })
    const [first, second] = [await signIn(), await signIn()]

    clock.now += 299_999
    const inTime = await redeem(first.code)
    clock.now += 1
    const tooLate = await redeem(second.code)

    assert.equal(inTime.status, 200)
    assert.deepEqual(await tooLate.json(), unknownCode)
  })

  for (const active of [false, undefined])
    it(`is not exchanged when the user ${active === false ? 'may no longer sign in' : 'is gone'}`, async (t) => {
      const { signIn, redeem, users } = await startSignIn(t)
      const { code } = await signIn()

      if (active === undefined) users.remove('alice')
      else users.put({ sub: 'alice', active, claims: {} })

      assert.deepEqual(await (await redeem(code)).json(), {
        error: 'invalid_grant',
        error_description: 'the user can no longer sign in',
      })
    })

  it('grants no scope that the client has lost in the meantime', async (t) => {
    const clients = memoryClients({ ...webClient, clientId: 'web' })
    const { signIn, redeem } = await startSignIn(t, { clients })
    const { code } = await signIn({ scope: 'openid scope1 offline_access' })
    const allowedScopes = ['openid']
    clients.put({ ...webClient, clientId: 'web', allowedScopes, allowOfflineAccess: false })

    const tokens = await (await redeem(code)).json()

    assert.equal(tokens.scope, 'openid')
    assert.equal('refresh_token' in tokens, false)
  })
})

describe('authorization code, used again', () => {
  for (const client_id of ['web', 'reference'])
    it(`revokes what the first use got, for ${client_id}`, async (t) => {
      const { signInForTokens, redeem, refresh, userinfo, introspect } = await startSignIn(t)
      const scope = 'openid offline_access'
      const { tokens, code } = await signInForTokens({ client_id, scope })
      const { access_token, refresh_token } = tokens

      const replay = await redeem(code, {}, client_id)

      assert.deepEqual(await replay.json(), unknownCode)
      assert.equal((await userinfo(access_token)).status, 401)
      const introspection = await introspect(access_token, { client_id })
      assert.deepEqual(await introspection.json(), { active: false })
      const refreshed = await refresh(refresh_token, {}, client_id)
      assert.equal((await refreshed.json()).error, 'invalid_grant')
    })

  for (const [problem, changes, status] of [
    ['without the code_verifier', { code_verifier: undefined }, 200],
    ['with another code_verifier', { code_verifier: 'w'.repeat(43) }, 200],
    ['with another redirect_uri', { redirect_uri: 'https://app.example/CB' }, 200],
    ['with all that is right', {}, 401],
  ] as const)
    it(`is refused ${problem}, and what the first use got is ${status === 200 ? 'left' : 'revoked'}`, async (t) => {
      const { signInForTokens, redeem, userinfo } = await startSignIn(t)
      const { tokens, code } = await signInForTokens()

      const replay = await redeem(code, changes)

      assert.deepEqual(await replay.json(), unknownCode)
      assert.equal((await userinfo(tokens.access_token)).status, status)
    })

  it('revokes what came of the refresh token too', async (t) => {
    const { signInForTokens, redeem, refresh, userinfo } = await startSignIn(t)
    const changes = { client_id: 'rotating', scope: 'openid offline_access' }
    const { tokens, code } = await signInForTokens(changes)
    const renewed = await (await refresh(tokens.refresh_token, {}, 'rotating')).json()

    await redeem(code, {}, 'rotating')

    assert.equal((await userinfo(renewed.access_token)).status, 401)
    assert.equal((await refresh(renewed.refresh_token, {}, 'rotating')).status, 400)
  })

  for (const [client_id, what, days] of [
    ['web', 'anything that came of it', 29],
    ['sliding', 'a refresh token that can be prolonged without limit, if it is not,', 14],
  ] as const)
    it(`revokes it for as long as ${what} lives`, async (t) => {
      const clock = { now: Date.UTC(2030, 0, 1) }
      const { signInForTokens, redeem, refresh } = await startSignIn(t, {
        now: () => clock.now,
        clients: [...userClients, slidingClient],
      })
      const { tokens, code } = await signInForTokens({ client_id, scope: 'openid offline_access' })
      clock.now += days * 24 * 60 * 60 * 1000

      await redeem(code, {}, client_id)

      assert.equal((await refresh(tokens.refresh_token, {}, client_id)).status, 400)
    })

  it('is recognised for as long as something may come of it, and no longer', async (t) => {
    const now = Date.UTC(2030, 0, 1)
    const store = memoryStore({ now: () => now })
    const { signInForTokens } = await startSignIn(t, { store, now: () => now })
    await signInForTokens()
    await signInForTokens({ scope: 'openid offline_access' })

    const spent = await store.getAll({ type: 'spent_handle' })

    const [issuance, ofAccessToken, ofRefreshToken] = [60, 3600, 2_592_000]
    assert.deepEqual(
      spent.map(({ expires = now }) => (expires - now) / 1000),
      [issuance + ofAccessToken, issuance + ofRefreshToken + ofAccessToken],
    )
  })

  it('by another client, which cannot have been given it, is refused and ends nothing', async (t) => {
    const { signInForTokens, redeem, userinfo } = await startSignIn(t)
    const { tokens, code } = await signInForTokens()

    const response = await redeem(code, {}, 'other')

    assert.deepEqual(await response.json(), unknownCode)
    assert.equal((await userinfo(tokens.access_token)).status, 200)
  })

  it('revokes nothing of other sign-ins of the same user', async (t) => {
    const { signInForTokens, redeem, userinfo } = await startSignIn(t)
    const { code } = await signInForTokens()
    const other = await signInForTokens()

    await redeem(code)

    assert.equal((await userinfo(other.tokens.access_token)).status, 200)
  })

  it('is told to the host, once', async (t) => {
    const { events, signInForTokens, redeem } = await startSignIn(t)
    const told: string[] = []
    events.on('grantRevoked', ({ reason }) => told.push(reason))
    const { code } = await signInForTokens()

    await redeem(code)
    await redeem(code)

    assert.deepEqual(told, ['a code or refresh token was replayed'])
  })

  for (const what of ['code', 'refresh token'])
    it(`ends nothing by a spent ${what} that comes as the other of the two`, async (t) => {
      const { signInForTokens, redeem, refresh, userinfo } = await startSignIn(t)
      const client_id = 'rotating'
      const request = { client_id, scope: 'openid offline_access' }
      const { code, tokens } = await signInForTokens(request)
      const renewed = await (await refresh(tokens.refresh_token, {}, client_id)).json()

      const response =
        what === 'code'
          ? await refresh(code, {}, client_id)
          : await redeem(tokens.refresh_token, {}, client_id)

      assert.equal((await response.json()).error, 'invalid_grant')
      assert.equal((await userinfo(renewed.access_token)).status, 200)
    })

  it('at once by many leaves one answer and no token that works', async (t) => {
    const { signIn, redeem, userinfo } = await startSignIn(t, { store: slowStore() })
    const { code } = await signIn()

    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(code)))

    const granted = answers.filter(({ status }) => status === 200)
    assert.ok(granted.length <= 1)
    for (const answer of granted)
      assert.equal((await userinfo((await answer.json()).access_token)).status, 401)
  })
})

describe('resource of an authorization code', () => {
  const scope = 'openid scope1 scope2'
  const both = 'urn:api1 urn:api2'

  it('is every API of the scopes when none is named', async (t) => {
    const { signInForTokens } = await startSignIn(t)

    const { tokens } = await signInForTokens({ scope })

    assert.deepEqual(decodeJwt(tokens.access_token).aud, ['urn:api1', 'urn:api2'])
  })

  it('narrows audience and scope to the API that the request names', async (t) => {
    const { signInForTokens } = await startSignIn(t)

    const { tokens } = await signInForTokens({ scope, resource: 'urn:api1' })

    assert.equal(decodeJwt(tokens.access_token).aud, 'urn:api1')
    assert.equal(tokens.scope, 'openid scope1')
  })

  it('can be narrowed further when the code is exchanged', async (t) => {
    const { signIn, redeem } = await startSignIn(t)
    const { code } = await signIn({ scope, resource: both })

    const { access_token } = await (await redeem(code, { resource: 'urn:api2' })).json()

    assert.equal(decodeJwt(access_token).aud, 'urn:api2')
  })

  it('cannot be widened when the code is exchanged', async (t) => {
    const { signIn, redeem } = await startSignIn(t)
    const { code } = await signIn({ scope, resource: 'urn:api1' })

    const response = await redeem(code, { resource: 'urn:api2' })

    assert.equal((await response.json()).error, 'invalid_target')
  })
})
