import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { interruptedStore } from '../../test-support/interrupted-store.ts'
import { startSignIn } from '../../test-support/sign-in.ts'
import { memoryStore } from '../index.ts'
import { handlesOf, hashHandle } from '../stores/handles.ts'
import { isRevoked, revocable, revokeGrant } from './revoke-grant.ts'

const provider = { store: memoryStore(), now: Date.now }

describe('a revoked grant', () => {
  it('ends what was issued of it, before and after', async () => {
    const { store } = provider
    const handles = revocable(handlesOf<{ x: number }>(store, 'refresh_token'), store)
    const issue = () => handles.issue({ x: 1 }, { grant_id: 'g', expires: undefined })
    const before = await issue()
    const unrelated = await handles.issue({ x: 2 }, { grant_id: 'h', expires: undefined })

    await revokeGrant('g', provider)
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

      assert.deepEqual(await response.json(), {
        error: 'invalid_grant',
        error_description: 'what was granted was revoked at the same time',
      })
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
})
