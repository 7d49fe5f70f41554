import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { signOutDuringRefresh } from '../../test-support/sign-out-during-refresh.ts'
import {
  addIdToken,
  addUnknownKey,
  addUnknownSignature,
  recover,
  type Spoil,
  sentRefreshTokens,
  startExpired,
  withholdKeys,
} from '../../test-support/start-expired.ts'

describe('an answer to a refresh that is of no use', () => {
  for (const [what, status, spoil] of [
    ['its ID Token cannot be verified for want of keys', 503, withholdKeys],
    ['its ID Token is signed with a key that is not known', 503, addUnknownSignature],
    ['its ID Token names a key that is not known', 503, addUnknownKey],
    ['its ID Token has expired', 502, (provider) => addIdToken(provider, { exp: 1 })],
    [
      'it brings no Bearer token',
      502,
      async ({ extra }) => Object.assign(extra, { token_type: 'mac' }),
    ],
    ['it has an odd lifetime', 502, async ({ extra }) => Object.assign(extra, { expires_in: -1 })],
  ] as [string, number, Spoil][])
    it(`leaves the session the new refresh token and the old access token: ${what}`, async (t) => {
      const { provider, clock, user, readTokens } = await startExpired(t)
      await spoil(provider)

      assert.equal((await user.open('/get')).status, status)
      assert.equal((await readTokens())?.access_token, 'access-1')

      clock.seconds += 10
      await recover(provider)
      assert.equal((await user.ask('/get')).token.access_token, 'access-4')
      assert.deepEqual(sentRefreshTokens(provider), ['refresh-1', 'refresh-3'])
      assert.equal(provider.isReplayed, false)
    })

  it('leaves the session its refresh token when there is no new one', async (t) => {
    const { provider, user } = await startExpired(t)
    provider.rotates = false
    await withholdKeys(provider)
    await user.open('/get')

    await recover(provider)
    await user.ask('/get')

    assert.deepEqual(sentRefreshTokens(provider), ['refresh-1', 'refresh-1'])
  })

  it('leaves each of two sessions its own', async (t) => {
    const { provider, user, other } = await startExpired(t)
    await withholdKeys(provider)
    await Promise.all([user, other].map(({ open }) => open('/get')))

    await recover(provider)
    await Promise.all([user, other].map(({ ask }) => ask('/get')))

    assert.equal(new Set(sentRefreshTokens(provider)).size, 4)
    assert.equal(provider.isReplayed, false)
  })

  for (const [what, extra, reason] of [
    ['that it is too large', { odd: 'x'.repeat(256 * 1024) }, /it sent more than 262144 bytes/],
    ['which check failed', { expires_in: -1 }, /invalid response encountered: .*expires_in/],
  ] as const)
    it(`is a page and a log line that say ${what}`, async (t) => {
      const { provider, user, logged } = await startExpired(t)
      provider.extra = extra

      assert.match(await (await user.open('/get')).text(), reason)
      assert.match(logged.join(), reason)
    })

  it('has its refresh token kept before the keys are asked for, which may take time', async (t) => {
    const { provider, user, readTokens } = await startExpired(t)
    let kept: string | undefined
    await addIdToken(provider)
    provider.insteadOfKeys = async () => {
      kept = (await readTokens())?.refresh_token
      return { status: 503, body: {} }
    }

    await user.open('/get')

    assert.equal(kept, 'refresh-3')
  })

  for (const [what, spoil] of [
    ['for another client', (provider) => addIdToken(provider, { aud: 'other' })],
    ['of another issuer', (provider) => addIdToken(provider, { iss: 'https://other.example' })],
  ] as [string, Spoil][])
    it(`ends the session, and its refresh token is revoked, when its ID Token is ${what}`, async (t) => {
      const { provider, user } = await startExpired(t)
      await spoil(provider)

      assert.equal((await user.open('/get')).status, 403)

      assert.equal((await user.open('/session')).status, 302)
      assert.deepEqual(
        provider.revocations.map(({ parameters }) => parameters.token),
        ['refresh-3'],
      )
    })
})

describe('an answer whose refresh token is kept', () => {
  it('leaves it in force when its access token cannot be kept', async (t) => {
    const { provider, clock, login, user } = await startExpired(t)
    const { replace } = login.tokens
    let calls = 0
    login.tokens.replace = async (...call) => {
      calls++
      if (calls > 1) throw new Error('database is locked')
      return replace(...call)
    }

    assert.equal((await user.open('/get')).status, 503)

    login.tokens.replace = replace
    clock.seconds += 30
    await user.ask('/get')
    assert.deepEqual(provider.revocations, [], 'the refresh token is in the session')
    assert.deepEqual(sentRefreshTokens(provider), ['refresh-1', 'refresh-3'])
  })

  it('was a success, and an answer to a refresh', async (t) => {
    const { provider, user, readTokens } = await startExpired(t)
    const body = { error: 'invalid_request', refresh_token: 'odd' }
    provider.instead = () => ({ status: 400, body })
    await user.open('/get')
    assert.equal((await readTokens())?.refresh_token, 'refresh-1')

    provider.instead = undefined
    provider.revocationAnswer = { body }

    assert.equal((await signOutDuringRefresh(provider, user)).status, 403)
    assert.deepEqual(
      provider.revocations.map(({ parameters }) => parameters.token),
      ['refresh-1', 'refresh-3'],
    )
  })
})
