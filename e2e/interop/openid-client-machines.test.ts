import assert from 'node:assert/strict'
import { describe } from 'node:test'

import * as client from 'openid-client'

import { between } from './capabilities.ts'
import { discover, startOpenidClient } from './support/start-openid-client.ts'

describe('openid-client at the token service, for machines', () => {
  const proves = between('openid-provider', 'openid-client', import.meta.filename)

  proves(
    ['Client credentials', 'Resource indicators', 'Opaque access tokens, introspected'],
    "gets a machine's token for one API, and asks what it says",
    async (t) => {
      const { config } = await startOpenidClient(t, {
        registration: { accessTokenType: 'reference' },
      })
      const resource = 'urn:resource2'

      const { access_token } = await client.clientCredentialsGrant(config, { resource })
      const { active, aud } = await client.tokenIntrospection(config, access_token)

      assert.doesNotMatch(access_token, /\./)
      assert.deepEqual({ active, aud }, { active: true, aud: resource })
    },
  )

  proves(
    ['Client credentials', 'client_secret_basic'],
    'is told why it gets no token',
    async (t) => {
      const { issuer, config } = await startOpenidClient(t)
      const wrong = await discover(issuer, 'client', client.ClientSecretBasic('wrong'))

      const challenged = client.WWWAuthenticateChallengeError
      await assert.rejects(client.clientCredentialsGrant(wrong), challenged)
      await assert.rejects(client.clientCredentialsGrant(config, { scope: 'unknown' }), {
        error: 'invalid_scope',
        status: 400,
      })
    },
  )

  proves(
    ['Opaque access tokens, introspected', 'Revocation'],
    'asks for an API, which learns of its own tokens alone, until they are revoked',
    async (t) => {
      const { issuer, config } = await startOpenidClient(t, {
        registration: { accessTokenType: 'reference' },
      })
      const getToken = async (resource: string) =>
        (await client.clientCredentialsGrant(config, { resource })).access_token
      const api = await discover(issuer, 'urn:resource3', client.ClientSecretBasic('api-secret'))
      const own = await getToken('urn:resource3')
      // Of the same scope: only whom it is for makes the difference.
      const foreign = await getToken('urn:resource2')

      const { active, scope } = await client.tokenIntrospection(api, own)

      assert.deepEqual({ active, scope }, { active: true, scope: 'scope2' })
      assert.deepEqual(await client.tokenIntrospection(api, foreign), { active: false })
      await client.tokenRevocation(config, own)
      assert.deepEqual(await client.tokenIntrospection(api, own), { active: false })
    },
  )
})
