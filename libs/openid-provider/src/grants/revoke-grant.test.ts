import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { interruptedStore } from '../../test-support/interrupted-store.ts'
import { webClient } from '../../test-support/people.ts'
import { startSignIn } from '../../test-support/sign-in.ts'
import { memoryStore } from '../index.ts'
import { handlesOf, hashHandle } from '../stores/handles.ts'
import { isRevoked, revocable, revokeGrant } from './revoke-grant.ts'

/** What a revoked grant leaves nothing of. */
const leftovers = ['authorization_code', 'spent_handle', 'refresh_token', 'reference_token']

/** Seconds. */
const day = 24 * 60 * 60

const provider = { store: memoryStore(), now: Date.now }
const client = { accessTokenLifetime: 3600 }

describe('a revoked grant', () => {
  it('ends what was issued of it, before and after', async () => {
    const { store } = provider
    const handles = revocable(handlesOf<{ x: number }>(store, 'refresh_token'), store)
    const issue = () => handles.issue({ x: 1 }, { grant_id: 'g', expires: undefined })
    const before = await issue()
    const unrelated = await handles.issue({ x: 2 }, { grant_id: 'h', expires: undefined })

    await revokeGrant({ grant_id: 'g', client }, provider)
    const after = await issue()

    assert.equal(await handles.get(before), undefined)
    assert.equal(await handles.get(after), undefined)
    assert.equal((await handles.get(unrelated))?.x, 2)
    assert.deepEqual([await isRevoked('g', store), await isRevoked('h', store)], [true, false])
  })

  for (const what of ['code', 'refresh token'] as const)
    it(`leaves nothing of what is issued meanwhile, for the second use of a ${what}`, async (t) => {
      const { store, before } = interruptedStore(memoryStore())
      const { signIn, redeem, refresh } = await startSignIn(t, { store })
      const { code } = await signIn({ client_id: 'rotating', scope: 'openid offline_access' })
      const useCode = () => redeem(code, {}, 'rotating')
      const createRefresh = async () => {
        const { refresh_token } = await (await useCode()).json()
        return () => refresh(refresh_token, {}, 'rotating')
      }
      const use = what === 'code' ? useCode : await createRefresh()
      before('store', 'refresh_token', use)

      const response = await use()

      assert.equal((await response.json()).error, 'invalid_grant')
      assert.deepEqual(await store.getAll({ type: 'refresh_token' }), [])
    })

  it('is not exchanged from the moment on at which it is revoked', async (t) => {
    const { store, before } = interruptedStore(memoryStore())
    const { signIn, redeem } = await startSignIn(t, { store })
    const { code } = await signIn()
    const [record] = await store.getAll({ type: 'authorization_code' })
    const { grant_id = '' } = record ?? {}
    // Revoked by somebody who has not come to remove the code yet.
    before('supersede', 'authorization_code', async () => {
      const key = hashHandle(grant_id)
      await store.store({ type: 'revoked_grant', key, created: 0, expires: undefined, data: {} })
    })

    assert.equal((await (await redeem(code)).json()).error, 'invalid_grant')
  })

  for (const client_id of ['web', 'reference', 'rotating'])
    it(`is what a client makes of it by revoking the refresh token, for ${client_id}`, async (t) => {
      const { signInForTokens, refresh, revoke, userinfo } = await startSignIn(t)
      const scope = 'openid offline_access'
      const { tokens } = await signInForTokens({ client_id, scope })

      const response = await revoke(tokens.refresh_token, { client_id })

      assert.equal(response.status, 200)
      assert.equal((await refresh(tokens.refresh_token, {}, client_id)).status, 400)
      assert.equal((await userinfo(tokens.access_token)).status, 401)
    })

  for (const client_id of ['web', 'reference', 'rotating'])
    it(`ends whatever the moment at which it is taken back or revoked, for ${client_id}`, async (t) => {
      const { store, beforeStep } = interruptedStore(memoryStore())
      const { signIn, redeem, refresh, revoke, userinfo } = await startSignIn(t, { store })

      /** Whether a step was left, at which the one interrupted the other. */
      async function interrupt(step: number, isRefresh: boolean, isTakenBack: boolean) {
        const { code, revokeGrants } = await signIn({ client_id, scope: 'openid offline_access' })
        const first = { access_token: '', refresh_token: '' }
        if (isRefresh) Object.assign(first, await (await redeem(code, {}, client_id)).json())
        let isInterrupted = false
        beforeStep(step, async () => {
          isInterrupted = true
          if (isTakenBack) await revokeGrants(client_id)
          else await revoke(first.refresh_token, { client_id })
        })
        const use = isRefresh
          ? await refresh(first.refresh_token, {}, client_id)
          : await redeem(code, {}, client_id)
        if (!isInterrupted) return false
        const tokens = await use.json()
        const answers = [
          await userinfo(tokens.access_token ?? first.access_token),
          await refresh(tokens.refresh_token ?? first.refresh_token, {}, client_id),
        ]
        assert.deepEqual(
          [step, isRefresh, isTakenBack, ...answers.map(({ status }) => status)],
          [step, isRefresh, isTakenBack, 401, 400],
        )
        assert.deepEqual(await store.getAll({ type: leftovers }), [])
        return true
      }

      for (const [isRefresh, isTakenBack] of [
        [false, true],
        [true, true],
        [true, false],
      ] as const) {
        let step = 1
        while (await interrupt(step, isRefresh, isTakenBack)) step++
        assert.ok(step > 3, `there were ${step} steps`)
      }
    })

  for (const [days, refreshed, lifetimes] of [
    [59, 0, { accessTokenLifetime: 60 * day }],
    [118, 59, { accessTokenLifetime: 60 * day, absoluteRefreshTokenLifetime: 60 * day }],
    [364, 0, { absoluteRefreshTokenLifetime: 365 * day }],
  ] as const)
    it(`stays revoked as long as anything of it would live, such as ${days} days`, async (t) => {
      const clock = { now: Date.UTC(2030, 0, 1) }
      const store = memoryStore({ now: () => clock.now })
      const clients = [{ ...webClient, ...lifetimes, clientId: 'web' }]
      const started = await startSignIn(t, { store, clients, now: () => clock.now })
      const { signInForTokens, redeem, refresh, userinfo } = started
      const { tokens, code } = await signInForTokens({ scope: 'openid offline_access' })
      clock.now += refreshed * day * 1000
      const { access_token } = await (await refresh(tokens.refresh_token)).json()
      // Killed when the grant is marked as revoked, and nothing is removed yet.
      const removeAll = store.removeAll.bind(store)
      store.removeAll = () => {
        throw new Error('killed')
      }
      assert.equal((await redeem(code)).status, 500)
      store.removeAll = removeAll

      clock.now += (days - refreshed) * day * 1000

      assert.equal((await userinfo(access_token)).status, 401)
      assert.equal((await refresh(tokens.refresh_token)).status, 400)
    })

  for (const method of ['add', 'removeAll'] as const)
    it(`is ended by the second attempt of a client whose first broke off at ${method}`, async (t) => {
      const store = memoryStore()
      const { signInForTokens, refresh, revoke, userinfo } = await startSignIn(t, { store })
      const { tokens } = await signInForTokens({ scope: 'openid offline_access' })
      const original = store[method]
      store[method] = () => {
        throw new Error('the disk is full')
      }
      const first = await revoke(tokens.refresh_token, { client_id: 'web' })
      Object.assign(store, { [method]: original })

      const second = await revoke(tokens.refresh_token, { client_id: 'web' })

      assert.deepEqual([first.status, second.status], [500, 200])
      assert.equal((await refresh(tokens.refresh_token)).status, 400)
      assert.equal((await userinfo(tokens.access_token)).status, 401)
      assert.deepEqual(await store.getAll({ type: leftovers }), [])
    })

  for (const [way, refreshTokenUsage] of [
    ['taken back', 'reUse'],
    ['taken back', 'oneTimeOnly'],
    ['revoked', 'reUse'],
    ['revoked', 'oneTimeOnly'],
    ['replayed', 'oneTimeOnly'],
  ] as const)
    it(`stays revoked as long as its last JWT lives, if it was prolonged without a limit and is ${way} (${refreshTokenUsage})`, async (t) => {
      const clock = { now: Date.UTC(2030, 0, 1) }
      const client = {
        ...webClient,
        clientId: 'web',
        accessTokenLifetime: 100 * day,
        refreshTokenUsage,
        refreshTokenExpiration: 'sliding',
        absoluteRefreshTokenLifetime: 0,
      } as const
      const setup = { clients: [client], now: () => clock.now }
      const { signIn, signInForTokens, refresh, revoke, userinfo } = await startSignIn(t, setup)
      const { tokens } = await signInForTokens({ scope: 'openid offline_access' })
      let latest = tokens
      for (let time = 0; time < 8; time++) {
        clock.now += 14 * day * 1000
        latest = await (await refresh(latest.refresh_token)).json()
      }

      if (way === 'taken back') await (await signIn()).revokeGrants('web')
      if (way === 'revoked') await revoke(latest.refresh_token, { client_id: 'web' })
      if (way === 'replayed') await refresh(tokens.refresh_token)

      for (const days of [0, 99]) {
        clock.now += days * day * 1000
        assert.equal((await userinfo(latest.access_token)).status, 401)
      }
    })

  for (const when of ['before', 'after', 'at the same time'] as const)
    it(`is remembered for the longest, when it is revoked for longer ${when}`, async () => {
      const { store, before } = interruptedStore(memoryStore())
      const last = Date.now() + 365 * day * 1000
      const revoke = (lastExpiry: number) =>
        revokeGrant({ grant_id: 'g', lastExpiry, client }, { store, now: Date.now })

      if (when === 'before') await revoke(last)
      if (when === 'at the same time') before('add', 'revoked_grant', () => revoke(last))
      await revoke(0)
      if (when === 'after') await revoke(last)

      const marker = await store.get('revoked_grant', hashHandle('g'))
      assert.ok(Number(marker?.expires) > last)
    })

  for (const [whose, of, client, days] of [
    ['just now', 0, { accessTokenLifetime: 60 * day }, 60],
    ['by the last refresh token', 10, { accessTokenLifetime: 60 * day }, 70],
    ['for a client whose lifetimes nobody knows any more', 0, undefined, 30],
  ] as const)
    it(`is remembered as long as an access token lives that was issued ${whose}`, async () => {
      const store = memoryStore()
      const now = Date.now()
      const lastExpiry = now + of * day * 1000

      await revokeGrant({ grant_id: 'g', lastExpiry, client }, { store, now: () => now })

      const marker = await store.get('revoked_grant', hashHandle('g'))
      assert.ok(Number(marker?.expires) >= now + days * day * 1000)
    })
})
