import assert from 'node:assert/strict'
import { describe } from 'node:test'

import { type ResourceServerOptions, resourceServer } from '@basics/resource-server'
import { clientCredentialsTokens } from '@basics/token-management'
import { ClientSecretBasic } from 'openid-client'

import { between, type Capability } from './capabilities.ts'
import { startApi } from './support/start-api.ts'
import { apis, machine, startOidcProvider } from './support/start-oidc-provider.ts'

describe('resource-server at oidc-provider', () => {
  const proves = between('resource-server', 'oidc-provider', import.meta.filename)

  const kinds: readonly (Omit<ResourceServerOptions, 'issuer'> & {
    proven: Capability
    audience: string
  })[] = [
    { proven: 'JWT access tokens', audience: apis.jwt },
    {
      proven: 'Opaque access tokens, introspected',
      audience: apis.opaque,
      introspection: { clientId: 'resource1', clientSecret: 'secret' },
    },
  ]
  for (const { proven, ...setup } of kinds)
    proves([proven], `accepts a token for ${setup.audience}, and no other`, async (t) => {
      const clientAuthentication = ClientSecretBasic('secret')
      const { issuer } = await startOidcProvider(t, [{ ...machine, client_secret: 'secret' }])
      const tokens = clientCredentialsTokens({
        api: { issuer, clientId: 'machine', clientAuthentication, scope: 'scope1' },
      })
      const api = resourceServer({ issuer, ...setup })
      const call = await startApi(t, [api.requireScope('scope1')], api.claims)
      const own = await tokens.get('api', { resource: setup.audience })
      const foreign = await tokens.get('api', { resource: `${setup.audience}:other` })

      const { status, answer } = await call(own.access_token)

      assert.equal(status, 200)
      assert.equal(answer.client_id, 'machine')
      assert.equal(own.access_token.includes('.'), foreign.access_token.includes('.'))
      assert.equal((await call(foreign.access_token)).status, 401)
    })
})
