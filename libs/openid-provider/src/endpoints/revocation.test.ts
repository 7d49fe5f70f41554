import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeJwt } from 'jose'

import { machine } from '../../test-support/registrations.ts'
import { startSignIn } from '../../test-support/sign-in.ts'
import { startProvider } from '../../test-support/start-provider.ts'
import { hashHandle } from '../stores/handles.ts'
import { memoryStore } from '../stores/memory/memory-store.ts'

const grant_type = 'client_credentials'
const path = '/connect/revocation'
const reference = { client_id: 'reference' }

describe('revocation endpoint', () => {
  it('ends a reference token, and says so with an empty 200', async (t) => {
    const { introspect, requestToken, revoke } = await startProvider(t)
    const { access_token } = await (await requestToken({ grant_type }, reference)).json()

    const response = await revoke(access_token, reference)

    assert.deepEqual([response.status, await response.text()], [200, ''])
    assert.equal(response.headers.get('content-type'), null)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.deepEqual(await (await introspect(access_token, reference)).json(), { active: false })
  })

  it('says the same of a token that is unknown, revoked already or expired', async (t) => {
    const clock = { now: Date.UTC(2030, 0, 1) }
    const { requestToken, revoke } = await startProvider(t, { now: () => clock.now })
    const revoked = await (await requestToken({ grant_type }, reference)).json()
    const expired = await (await requestToken({ grant_type }, reference)).json()
    await revoke(revoked.access_token, reference)
    clock.now += 3_600_000

    for (const token of ['unknown', 'a.b.c', revoked.access_token, expired.access_token]) {
      const response = await revoke(token, reference)
      assert.deepEqual([response.status, await response.text()], [200, ''])
    }
  })

  it("refuses another client's token, which stays active", async (t) => {
    const { introspect, requestToken, revoke } = await startProvider(t)
    const { access_token } = await (await requestToken({ grant_type }, reference)).json()

    const response = await revoke(access_token, { client_id: 'other' })

    assert.equal(response.status, 400)
    assert.deepEqual(await response.json(), {
      error: 'invalid_grant',
      error_description: 'the token was issued to another client',
    })
    assert.equal((await (await introspect(access_token, reference)).json()).active, true)
  })

  it('ends a JWT for whoever asks here, and no other of the client', async (t) => {
    const { introspect, requestToken, revoke } = await startProvider(t)
    const revoked = await (await requestToken({ grant_type })).json()
    const other = await (await requestToken({ grant_type })).json()

    for (const _ of ['once', 'again']) {
      const response = await revoke(revoked.access_token)
      assert.deepEqual([response.status, await response.text()], [200, ''])
    }

    const answers = [revoked, other].map(async ({ access_token }) =>
      (await introspect(access_token, { client_id: 'client' })).json(),
    )
    const [ended, active] = await Promise.all(answers)
    assert.deepEqual(ended, { active: false })
    assert.equal(active?.active, true)
  })

  it("ends a user's JWT for userinfo, and not the refresh token beside it", async (t) => {
    const { refresh, revoke, signInForTokens, userinfo } = await startSignIn(t)
    const { tokens } = await signInForTokens({ scope: 'openid offline_access' })

    assert.equal((await revoke(tokens.access_token, { client_id: 'web' })).status, 200)

    assert.equal((await userinfo(tokens.access_token)).status, 401)
    assert.equal((await refresh(tokens.refresh_token)).status, 200)
  })

  it("refuses another client's JWT, which stays active", async (t) => {
    const { introspect, requestToken, revoke } = await startProvider(t)
    const { access_token } = await (await requestToken({ grant_type })).json()

    const response = await revoke(access_token, { client_id: 'other' })

    assert.equal((await response.json()).error, 'invalid_grant')
    const answer = await introspect(access_token, { client_id: 'client' })
    assert.equal((await answer.json()).active, true)
  })

  it('remembers a JWT until it expires', async (t) => {
    const store = memoryStore()
    const { requestToken, revoke } = await startProvider(t, { store })
    const { access_token } = await (await requestToken({ grant_type })).json()
    const { jti = '', exp = 0 } = decodeJwt(access_token)

    await revoke(access_token)

    const record = await store.get('revoked_jwt', hashHandle(jti))
    assert.equal(record?.expires, exp * 1000)
  })

  it('refuses a JWT without a jti, which nobody can take back', async (t) => {
    const clients = [{ ...machine, clientId: 'client', includeJwtId: false }]
    const { requestToken, revoke } = await startProvider(t, { clients })
    const { access_token } = await (await requestToken({ grant_type })).json()

    const response = await revoke(access_token)

    assert.equal(response.status, 400)
    assert.deepEqual(await response.json(), {
      error: 'unsupported_token_type',
      error_description: 'a JWT without a jti is valid until it expires',
    })
  })

  for (const token_type_hint of ['refresh_token', 'nonsense'])
    it(`finds the token whatever the hint (${token_type_hint})`, async (t) => {
      const { introspect, postForm, requestToken } = await startProvider(t)
      const { access_token } = await (await requestToken({ grant_type }, reference)).json()
      const client = { client_id: 'reference', client_secret: 'secret' }

      const response = await postForm(path, { ...client, token: access_token, token_type_hint })

      assert.equal(response.status, 200)
      assert.equal((await (await introspect(access_token, reference)).json()).active, false)
    })

  it('refuses who does not authenticate, and the token stays active', async (t) => {
    const { introspect, postForm, requestToken, revoke } = await startProvider(t)
    const { access_token } = await (await requestToken({ grant_type }, reference)).json()

    const responses = [
      await postForm(path, { token: access_token }),
      await postForm(path, { token: access_token, client_id: 'reference' }),
      await revoke(access_token, { ...reference, secret: 'nope' }),
      // An API may ask about tokens, but they are not its own to end.
      await revoke(access_token, { client_id: 'resource1', secret: 'api-secret' }),
    ]

    assert.deepEqual(
      responses.map(({ status }) => status),
      [401, 401, 401, 401],
    )
    assert.equal((await (await introspect(access_token, reference)).json()).active, true)
  })

  it('knows no codes, of which the tokens stay', async (t) => {
    const { signIn, signInForTokens, redeem, revoke, userinfo } = await startSignIn(t)
    const unspent = await signIn()
    const spent = await signInForTokens()

    for (const { code } of [unspent, spent])
      for (const client_id of ['web', 'other']) {
        const response = await revoke(code, { client_id })
        assert.deepEqual([response.status, await response.text()], [200, ''])
      }

    assert.equal((await redeem(unspent.code)).status, 200)
    assert.equal((await userinfo(spent.tokens.access_token)).status, 200)
  })

  it('asks for a token', async (t) => {
    const { revoke } = await startProvider(t)

    const response = await revoke('')

    assert.equal(response.status, 400)
    assert.deepEqual(await response.json(), {
      error: 'invalid_request',
      error_description: 'token is missing',
    })
  })

  it('tells listeners of a token that was revoked, and of no other', async (t) => {
    const { events, requestToken, revoke } = await startProvider(t)
    const { access_token } = await (await requestToken({ grant_type }, reference)).json()
    const told: unknown[] = []
    events.on('tokenRevoked', (event) => told.push(event))

    await revoke('unknown', reference)
    await revoke(access_token, reference)
    await revoke(access_token, reference)

    assert.equal(told.length, 1)
    assert.equal((told[0] as { client_id: string }).client_id, 'reference')
  })
})
