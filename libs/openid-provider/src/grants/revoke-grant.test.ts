import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startSignIn } from '../../test-support/sign-in.ts'
import { memoryStore } from '../index.ts'
import { handlesOf } from '../stores/handles.ts'
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
    assert.equal(await handles.take(after), undefined)
    assert.equal((await handles.get(unrelated))?.x, 2)
    assert.deepEqual([await isRevoked('g', store), await isRevoked('h', store)], [true, false])
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
