import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import type { UserSession } from '@basics/relying-party'

import { signOutDuringRefresh } from '../../test-support/sign-out-during-refresh.ts'
import { type Provider, signIdToken } from '../../test-support/start-provider.ts'
import { startWebApp } from '../../test-support/start-web-app.ts'

type Spoil = (provider: Provider) => Promise<unknown>

/** Two users whose access tokens have expired. The provider's keys have to be fetched again, too. */
async function start(t: TestContext) {
  const app = await startWebApp(t, { log: () => {} })
  const [user, other] = [await app.signIn(), await app.signIn()]
  app.clock.seconds = 3600
  const { id } = (await (await user.open('/session')).json()) as UserSession
  return { ...app, user, other, readTokens: async () => (await app.login.tokens.get(id))?.tokens }
}

async function addIdToken(provider: Provider, claims: object = {}) {
  provider.extra = { id_token: await signIdToken(provider.issuer, claims) }
}

async function addUnknownSignature(provider: Provider) {
  const [header, payload] = (await signIdToken(provider.issuer, {})).split('.')
  const [, , signature] = (await signIdToken(provider.issuer, { jti: 'another' })).split('.')
  provider.extra = { id_token: [header, payload, signature].join('.') }
}

async function withholdKeys(provider: Provider) {
  await addIdToken(provider)
  provider.insteadOfKeys = () => ({ status: 503, body: {} })
}

async function recover(provider: Provider) {
  await addIdToken(provider)
  provider.insteadOfKeys = undefined
}

function sentRefreshTokens({ refreshes }: Provider) {
  return refreshes.map(({ parameters }) => parameters.refresh_token)
}

describe('an answer to a refresh that is of no use', () => {
  for (const [what, status, spoil] of [
    ['its ID Token cannot be verified for want of keys', 503, withholdKeys],
    ['its ID Token is signed with a key that is not known', 502, addUnknownSignature],
    ['its ID Token has expired', 502, (provider) => addIdToken(provider, { exp: 1 })],
    [
      'it brings no Bearer token',
      502,
      async ({ extra }) => Object.assign(extra, { token_type: 'mac' }),
    ],
    ['it has an odd lifetime', 502, async ({ extra }) => Object.assign(extra, { expires_in: -1 })],
  ] as [string, number, Spoil][])
    it(`leaves the session the new refresh token and the old access token: ${what}`, async (t) => {
      const { provider, user, readTokens } = await start(t)
      await spoil(provider)

      assert.equal((await user.open('/get')).status, status)
      assert.equal((await readTokens())?.access_token, 'access-1')

      await recover(provider)
      assert.equal((await user.ask('/get')).token.access_token, 'access-4')
      assert.deepEqual(sentRefreshTokens(provider), ['refresh-1', 'refresh-3'])
      assert.equal(provider.isReplayed, false)
    })

  it('leaves the session its refresh token when there is no new one', async (t) => {
    const { provider, user } = await start(t)
    provider.rotates = false
    await withholdKeys(provider)
    await user.open('/get')

    await recover(provider)
    await user.ask('/get')

    assert.deepEqual(sentRefreshTokens(provider), ['refresh-1', 'refresh-1'])
  })

  it('leaves each of two sessions its own', async (t) => {
    const { provider, user, other } = await start(t)
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
      const { provider, user, logged } = await start(t)
      provider.extra = extra

      assert.match(await (await user.open('/get')).text(), reason)
      assert.match(logged.join(), reason)
    })

  it('has its refresh token kept before the keys are asked for, which may take time', async (t) => {
    const { provider, user, readTokens } = await start(t)
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
      const { provider, user } = await start(t)
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
    const { provider, clock, login, user } = await start(t)
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
    const { provider, user, readTokens } = await start(t)
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
