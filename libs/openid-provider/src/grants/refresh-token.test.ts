import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { decodeJwt } from 'jose'

import { interruptedStore } from '../../test-support/interrupted-store.ts'
import { memoryClients, webClient } from '../../test-support/people.ts'
import { startSignIn } from '../../test-support/sign-in.ts'
import { slowStore } from '../../test-support/slow-store.ts'
import { memoryStore } from '../index.ts'

const scope = 'openid profile scope1 scope2 offline_access'
const rotating = { client_id: 'rotating', scope }
const day = 24 * 60 * 60 * 1000

describe('refresh token', () => {
  it('brings new tokens, of the same login', async (t) => {
    const clock = { now: Date.UTC(2030, 0, 1) }
    const { signInForTokens, refresh } = await startSignIn(t, { now: () => clock.now })
    const { tokens } = await signInForTokens({ scope, nonce: 'n' })
    clock.now += 60_000

    const renewed = await (await refresh(tokens.refresh_token)).json()

    const [before, after] = [decodeJwt(tokens.id_token), decodeJwt(renewed.id_token)]
    for (const name of ['iss', 'sub', 'aud', 'auth_time', 'sid', 'amr', 'idp'])
      assert.deepEqual(after[name], before[name], name)
    assert.equal(Number(after.iat) - Number(before.iat), 60)
    assert.equal('nonce' in after, false)
    assert.notEqual(decodeJwt(renewed.access_token).jti, decodeJwt(tokens.access_token).jti)
  })

  it('is stored as a hash', async (t) => {
    const store = memoryStore()
    const { signInForTokens } = await startSignIn(t, { store })
    const { tokens } = await signInForTokens({ scope })

    const records = await store.getAll({ type: 'refresh_token' })

    assert.equal(records.length, 1)
    assert.equal(JSON.stringify(records).includes(tokens.refresh_token), false)
  })

  it('stays the same by default', async (t) => {
    const { signInForTokens, refresh } = await startSignIn(t)
    const { refresh_token } = (await signInForTokens({ scope })).tokens

    const first = await (await refresh(refresh_token)).json()
    const second = await (await refresh(refresh_token)).json()

    assert.deepEqual([first.refresh_token, second.refresh_token], [refresh_token, refresh_token])
  })

  it('is needed', async (t) => {
    const { refresh } = await startSignIn(t)

    const response = await refresh('', { refresh_token: undefined })

    assert.equal((await response.json()).error, 'invalid_request')
  })

  it('is not taken from another client', async (t) => {
    const { signInForTokens, refresh } = await startSignIn(t)
    const { tokens } = await signInForTokens({ scope })

    const response = await refresh(tokens.refresh_token, {}, 'other')

    assert.deepEqual(await response.json(), {
      error: 'invalid_grant',
      error_description: 'refresh_token was issued to another client',
    })
    assert.equal((await refresh(tokens.refresh_token)).status, 200)
  })

  it('is not taken from its client without the secret', async (t) => {
    const { signInForTokens, requestToken } = await startSignIn(t)
    const { refresh_token } = (await signInForTokens({ scope })).tokens

    const response = await requestToken(
      { grant_type: 'refresh_token', refresh_token },
      { client_id: 'web', secret: 'nope' },
    )

    assert.equal(response.status, 401)
  })

  it('is not taken for an access token, a code or an ID Token', async (t) => {
    const { signInForTokens, refresh } = await startSignIn(t)
    const { tokens, code } = await signInForTokens({ scope })

    for (const other of [tokens.access_token, tokens.id_token, code])
      assert.equal((await (await refresh(other)).json()).error, 'invalid_grant')
  })

  for (const active of [false, undefined])
    it(`is refused when the user ${active === false ? 'may no longer sign in' : 'is gone'}`, async (t) => {
      const { signInForTokens, refresh, users } = await startSignIn(t)
      const { tokens } = await signInForTokens({ scope })

      if (active === undefined) users.remove('alice')
      else users.put({ sub: 'alice', active, claims: {} })

      const { error } = await (await refresh(tokens.refresh_token)).json()
      assert.equal(error, 'invalid_grant')
    })

  it('is refused when the client may no longer come without the user', async (t) => {
    const clients = memoryClients({ ...webClient, clientId: 'web' })
    const { signInForTokens, refresh } = await startSignIn(t, { clients })
    const { tokens } = await signInForTokens({ scope })
    clients.put({ ...webClient, clientId: 'web', allowOfflineAccess: false })

    const { error } = await (await refresh(tokens.refresh_token)).json()

    assert.equal(error, 'unauthorized_client')
  })

  it('grants no scope that the client has lost in the meantime', async (t) => {
    const clients = memoryClients({ ...webClient, clientId: 'web' })
    const { signInForTokens, refresh } = await startSignIn(t, { clients })
    const { refresh_token } = (await signInForTokens({ scope })).tokens
    clients.put({ ...webClient, clientId: 'web', allowedScopes: ['openid', 'scope1'] })

    const renewed = await (await refresh(refresh_token)).json()
    const asked = await (await refresh(refresh_token, { scope: 'openid scope2' })).json()

    assert.equal(renewed.scope, 'openid scope1 offline_access')
    assert.equal(asked.error, 'invalid_scope')
  })
})

describe('scope of a refresh', () => {
  it('can be a part of what was granted', async (t) => {
    const { signInForTokens, refresh } = await startSignIn(t)
    const { tokens } = await signInForTokens({ scope })

    const renewed = await (await refresh(tokens.refresh_token, { scope: 'scope1' })).json()

    assert.equal(renewed.scope, 'scope1')
    assert.equal(decodeJwt(renewed.access_token).aud, 'urn:api1')
    assert.equal('id_token' in renewed, false)
  })

  for (const client_id of ['web', 'rotating'])
    it(`can be all of it again afterwards, for ${client_id}`, async (t) => {
      const { signInForTokens, refresh } = await startSignIn(t)
      const { tokens } = await signInForTokens({ client_id, scope })

      const part = await refresh(tokens.refresh_token, { scope: 'scope1' }, client_id)
      const all = await refresh((await part.json()).refresh_token, {}, client_id)

      assert.equal((await all.json()).scope, scope)
    })

  for (const wider of ['openid email', 'phone', 'nope'])
    it(`cannot be ${wider}, which was not granted`, async (t) => {
      const { signInForTokens, refresh } = await startSignIn(t)
      const { tokens } = await signInForTokens({ scope })

      const response = await refresh(tokens.refresh_token, { scope: wider })

      assert.equal((await response.json()).error, 'invalid_scope')
    })

  it('cannot be what the user unticked', async (t) => {
    const { signIn, redeem, refresh } = await startSignIn(t)
    const { landing, consent } = await signIn({ client_id: 'asking', scope })
    const granted = ['openid', 'scope1', 'offline_access']
    const { parameters } = await consent(landing, { scopes: granted })
    const tokens = await (await redeem(parameters.code ?? '', {}, 'asking')).json()

    const response = await refresh(tokens.refresh_token, { scope: 'openid profile' }, 'asking')

    assert.equal((await response.json()).error, 'invalid_scope')
  })

  it('cannot be nothing', async (t) => {
    const { signInForTokens, refresh } = await startSignIn(t)
    const { tokens } = await signInForTokens({ scope })

    const response = await refresh(tokens.refresh_token, { scope: ' ' })

    assert.equal((await response.json()).error, 'invalid_scope')
  })

  it('does not use a one-time token up when it is refused', async (t) => {
    const { signInForTokens, refresh } = await startSignIn(t)
    const { refresh_token } = (await signInForTokens(rotating)).tokens

    await refresh(refresh_token, { scope: 'nope' }, 'rotating')

    assert.equal((await refresh(refresh_token, {}, 'rotating')).status, 200)
  })
})

describe('resource of a refresh', () => {
  it('can be a part of what was granted, and all of it again afterwards', async (t) => {
    const { signInForTokens, refresh } = await startSignIn(t)
    const { tokens } = await signInForTokens({ scope, resource: 'urn:api1 urn:api2' })

    const part = await (await refresh(tokens.refresh_token, { resource: 'urn:api2' })).json()
    const all = await (await refresh(part.refresh_token)).json()

    assert.equal(decodeJwt(part.access_token).aud, 'urn:api2')
    assert.deepEqual(decodeJwt(all.access_token).aud, ['urn:api1', 'urn:api2'])
  })

  it('stays what was granted after the code was exchanged for a part of it', async (t) => {
    const { signIn, redeem, refresh } = await startSignIn(t)
    const { code } = await signIn({ scope, resource: 'urn:api1 urn:api2' })
    const { refresh_token } = await (await redeem(code, { resource: 'urn:api1' })).json()

    const { access_token } = await (await refresh(refresh_token, { resource: 'urn:api2' })).json()

    assert.equal(decodeJwt(access_token).aud, 'urn:api2')
  })

  it('cannot be one that was not granted', async (t) => {
    const { signInForTokens, refresh } = await startSignIn(t)
    const { tokens } = await signInForTokens({ scope, resource: 'urn:api1' })

    const response = await refresh(tokens.refresh_token, { resource: 'urn:api2' })

    assert.equal((await response.json()).error, 'invalid_target')
  })
})

describe('one-time refresh token', () => {
  for (const [method, type] of [
    ['store', 'refresh_token'],
    ['supersede', 'refresh_token'],
  ] as const)
    it(`is still there for another attempt when the store fails to ${method}`, async (t) => {
      const { store, before } = interruptedStore(memoryStore())
      const { signInForTokens, refresh } = await startSignIn(t, { store })
      const { refresh_token } = (await signInForTokens(rotating)).tokens
      before(method, type, () => {
        throw new Error('the disk is full')
      })

      const failed = await refresh(refresh_token, {}, 'rotating')
      const again = await refresh(refresh_token, {}, 'rotating')

      assert.deepEqual([failed.status, again.status], [500, 200])
    })

  it('ends its family when it comes again as long as that can live', async (t) => {
    const clock = { now: Date.UTC(2030, 0, 1) }
    const sliding = {
      ...webClient,
      clientId: 'rotating',
      refreshTokenUsage: 'oneTimeOnly',
    } as const
    const { signInForTokens, refresh } = await startSignIn(t, {
      clients: [{ ...sliding, refreshTokenExpiration: 'sliding' }],
      now: () => clock.now,
    })
    const first = (await signInForTokens(rotating)).tokens
    clock.now += 14 * day
    const second = await (await refresh(first.refresh_token, {}, 'rotating')).json()
    // By itself it would have expired the day before.
    clock.now += 2 * day

    await refresh(first.refresh_token, {}, 'rotating')

    assert.equal((await refresh(second.refresh_token, {}, 'rotating')).status, 400)
  })

  it('that was used can still be revoked by its client, with all that came of it', async (t) => {
    const { signInForTokens, refresh, revoke, userinfo } = await startSignIn(t)
    const { refresh_token } = (await signInForTokens(rotating)).tokens
    const renewed = await (await refresh(refresh_token, {}, 'rotating')).json()

    const refused = await revoke(refresh_token, { client_id: 'other' })
    const response = await revoke(refresh_token, { client_id: 'rotating' })

    assert.deepEqual([refused.status, response.status], [400, 200])
    assert.equal((await refresh(renewed.refresh_token, {}, 'rotating')).status, 400)
    assert.equal((await userinfo(renewed.access_token)).status, 401)
  })

  it('is exchanged for another', async (t) => {
    const { signInForTokens, refresh } = await startSignIn(t)
    const { tokens } = await signInForTokens(rotating)

    const renewed = await (await refresh(tokens.refresh_token, {}, 'rotating')).json()
    const again = await refresh(renewed.refresh_token, {}, 'rotating')

    assert.notEqual(renewed.refresh_token, tokens.refresh_token)
    assert.equal(again.status, 200)
  })

  it('ends its whole family when it is used again', async (t) => {
    const { signInForTokens, refresh, userinfo } = await startSignIn(t)
    const { tokens } = await signInForTokens(rotating)
    const second = await (await refresh(tokens.refresh_token, {}, 'rotating')).json()
    const third = await (await refresh(second.refresh_token, {}, 'rotating')).json()

    const replay = await refresh(tokens.refresh_token, {}, 'rotating')

    assert.deepEqual(await replay.json(), {
      error: 'invalid_grant',
      error_description: 'refresh_token is unknown, used, revoked or expired',
    })
    assert.equal((await refresh(third.refresh_token, {}, 'rotating')).status, 400)
    for (const { access_token } of [tokens, second, third])
      assert.equal((await userinfo(access_token)).status, 401)
  })

  for (const [where, makeStore] of [
    ['in memory', memoryStore],
    ['on another machine', slowStore],
  ] as const)
    it(`succeeds at most once of 100 times at once, and its family has ended, with a store ${where}`, async (t) => {
      const store = makeStore()
      const { signInForTokens, refresh, userinfo } = await startSignIn(t, { store })
      const { refresh_token } = (await signInForTokens(rotating)).tokens

      const answers = await Promise.all(
        Array.from({ length: 100 }, () => refresh(refresh_token, {}, 'rotating')),
      )

      const bodies = await Promise.all(answers.map((answer) => answer.json()))
      const granted = bodies.filter(({ error }) => error === undefined)
      assert.ok(granted.length <= 1)
      const refused = bodies.filter(({ error }) => error === 'invalid_grant')
      assert.equal(refused.length, 100 - granted.length)
      assert.deepEqual(await store.getAll({ type: 'refresh_token' }), [])
      for (const { access_token } of granted)
        assert.equal((await userinfo(access_token)).status, 401)
    })

  it('is what a public client gets', async (t) => {
    const { clientSecrets: _none, ...publicClient } = webClient
    const clients = [{ ...publicClient, clientId: 'web', requireClientSecret: false }]
    const { signIn, postForm } = await startSignIn(t, { clients })
    const { code } = await signIn({ scope: 'openid offline_access' })
    const parameters = { client_id: 'web', code, redirect_uri: 'https://app.example/cb' }
    const { refresh_token } = await (
      await postForm('/connect/token', {
        ...parameters,
        grant_type: 'authorization_code',
        code_verifier: 'v'.repeat(43),
      })
    ).json()
    const use = () =>
      postForm('/connect/token', { client_id: 'web', grant_type: 'refresh_token', refresh_token })

    const [first, second] = [await use(), await use()]

    assert.equal(first.status, 200)
    assert.equal(second.status, 400)
  })
})

describe('lifetime of a refresh token', () => {
  async function startWith(t: Parameters<typeof startSignIn>[0], client: object) {
    const clock = { now: Date.UTC(2030, 0, 1) }
    const clients = [{ ...webClient, clientId: 'web', ...client }]
    const started = await startSignIn(t, { clients, now: () => clock.now })
    const { tokens } = await started.signInForTokens({ scope })
    /** Whether it works, after so many days more. */
    const worksAfter = async (days: number) => {
      clock.now += days * day
      const renewed = await (await started.refresh(tokens.refresh_token)).json()
      return renewed.error === undefined
    }
    return { worksAfter }
  }

  it('is 30 days, whether it is used or not', async (t) => {
    const { worksAfter } = await startWith(t, {})

    assert.deepEqual([await worksAfter(29), await worksAfter(1)], [true, false])
  })

  it('slides with each use, up to the absolute lifetime', async (t) => {
    const { worksAfter } = await startWith(t, { refreshTokenExpiration: 'sliding' })

    assert.deepEqual(
      [await worksAfter(14), await worksAfter(14), await worksAfter(1), await worksAfter(1)],
      [true, true, true, false],
    )
  })

  it('ends when it is not used for the sliding lifetime', async (t) => {
    const { worksAfter } = await startWith(t, { refreshTokenExpiration: 'sliding' })

    assert.equal(await worksAfter(15), false)
  })

  it('is not prolonged for a token that is revoked at the same time', async (t) => {
    const clock = { now: Date.UTC(2030, 0, 1) }
    const store = memoryStore({ now: () => clock.now })
    // The token goes between being read and being prolonged.
    store.replace = () => false
    const clients = [{ ...webClient, clientId: 'web', refreshTokenExpiration: 'sliding' as const }]
    const { signInForTokens, refresh } = await startSignIn(t, {
      clients,
      store,
      now: () => clock.now,
    })
    const { tokens } = await signInForTokens({ scope })
    clock.now += day

    assert.deepEqual(await (await refresh(tokens.refresh_token)).json(), {
      error: 'invalid_grant',
      error_description: 'refresh_token was revoked at the same time',
    })
  })

  it('is counted from the grant when one-time tokens follow each other', async (t) => {
    const clock = { now: Date.UTC(2030, 0, 1) }
    const { signInForTokens, refresh } = await startSignIn(t, { now: () => clock.now })
    const { tokens } = await signInForTokens(rotating)
    clock.now += 29 * day
    const renewed = await (await refresh(tokens.refresh_token, {}, 'rotating')).json()

    clock.now += day

    assert.equal((await refresh(renewed.refresh_token, {}, 'rotating')).status, 400)
  })
})
