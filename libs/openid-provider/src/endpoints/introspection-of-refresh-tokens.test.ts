import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { webClient } from '../../test-support/people.ts'
import { startSignIn } from '../../test-support/sign-in.ts'

const clients = [
  { ...webClient, clientId: 'web' },
  { ...webClient, clientId: 'other' },
]

describe('introspection of a refresh token', () => {
  it('tells its client what it stands for', async (t) => {
    const { signInForTokens, introspect, issuer } = await startSignIn(t, { clients })
    const { tokens } = await signInForTokens({ scope: 'openid offline_access' })

    const response = await introspect(tokens.refresh_token, { client_id: 'web' })

    const { iat, exp, sid, ...answer } = await response.json()
    assert.equal(Number(exp) - Number(iat), 2_592_000)
    assert.equal(typeof sid, 'string')
    assert.deepEqual(answer, {
      active: true,
      iss: issuer,
      client_id: 'web',
      sub: 'alice',
      scope: 'openid offline_access',
    })
  })

  it('tells another client nothing', async (t) => {
    const { signInForTokens, introspect } = await startSignIn(t, { clients })
    const { tokens } = await signInForTokens({ scope: 'openid offline_access' })

    const response = await introspect(tokens.refresh_token, { client_id: 'other' })

    assert.deepEqual(await response.json(), { active: false })
  })
})
