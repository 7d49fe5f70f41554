import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { userClients, userResources, webClient } from '../../test-support/people.ts'
import { startSignIn } from '../../test-support/sign-in.ts'
import { type Client, inMemoryResources, type ResourceStore } from '../index.ts'

/** Needs resources for everything: which scopes are allowed, both tokens' claims, and the audience. */
const curious: Client = {
  ...webClient,
  clientId: 'curious',
  allowedGrantTypes: ['authorization_code', 'client_credentials'],
  alwaysIncludeUserClaimsInIdToken: true,
}

function countingResources(): { resources: ResourceStore; asked: string[][] } {
  const store = inMemoryResources(userResources)
  const asked: string[][] = []
  const findResourcesByScope: ResourceStore['findResourcesByScope'] = (names) => {
    asked.push([...names])
    return store.findResourcesByScope(names)
  }
  return { resources: { ...store, findResourcesByScope }, asked }
}

describe('a token request looks resources up once', () => {
  it('for a code, for a refresh token, and for a client on its own', async (t) => {
    const { resources, asked } = countingResources()
    const clients = [...userClients, curious]
    const { signIn, redeem, refresh, requestToken } = await startSignIn(t, { resources, clients })
    const scope = 'openid email scope2 offline_access'
    const claims = JSON.stringify({ id_token: { name: null } })
    const { code } = await signIn({ client_id: 'curious', scope, claims })

    asked.length = 0
    const { refresh_token, ...first } = await (await redeem(code, {}, 'curious')).json()
    assert.equal(first.scope, scope)
    assert.deepEqual(asked, [webClient.allowedScopes])

    asked.length = 0
    const second = await (
      await refresh(refresh_token, { scope: 'openid scope2' }, 'curious')
    ).json()
    assert.equal(second.scope, 'openid scope2')
    assert.deepEqual(asked, [webClient.allowedScopes])

    asked.length = 0
    const grant_type = 'client_credentials'
    const caller = { client_id: 'curious' }
    const own = await (await requestToken({ grant_type, scope: 'scope2' }, caller)).json()
    assert.equal(own.scope, 'scope2')
    assert.deepEqual(asked, [['scope2']])
  })
})
