import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import * as client from 'openid-client'

import { clientJwk, clientKey } from '../test-support/client-assertion.ts'
import { clients, machine } from '../test-support/registrations.ts'
import { startProvider } from '../test-support/start-provider.ts'
import { jsonWebKey, memoryStore } from './index.ts'

const scope = 'scope2'
const privateKey = clientKey.toCryptoKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])

/** An independent client, configured by discovery alone. */
async function discover(issuer: string, clientId: string, authentication: client.ClientAuth) {
  return client.discovery(new URL(issuer), clientId, undefined, authentication, {
    execute: [client.allowInsecureRequests],
  })
}

describe('openidProvider, seen by openid-client', () => {
  for (const [name, clientId, authentication] of [
    ['client_secret_basic', 'client', client.ClientSecretBasic('secret')],
    ['client_secret_post', 'client', client.ClientSecretPost('secret')],
    ['private_key_jwt', 'jwt', client.PrivateKeyJwt(privateKey)],
  ] as const)
    it(`issues a token to a client that uses ${name}`, async (t) => {
      const jwt = { ...machine, clientId: 'jwt', clientSecrets: [jsonWebKey(clientJwk)] }
      const { issuer } = await startProvider(t, { clients: [...clients, jwt] })
      const config = await discover(issuer, clientId, authentication)

      const tokens = await client.clientCredentialsGrant(config, { scope })

      assert.equal(tokens.scope, scope)
      assert.equal(tokens.expires_in, 3600)
    })

  it('tells an API what a token stands for, until the client revokes it', async (t) => {
    const { issuer } = await startProvider(t)
    const config = await discover(issuer, 'reference', client.ClientSecretBasic('secret'))
    const api = await discover(issuer, 'resource1', client.ClientSecretPost('api-secret'))
    const { access_token } = await client.clientCredentialsGrant(config, { scope })

    const before = await client.tokenIntrospection(api, access_token)
    await client.tokenRevocation(config, access_token)
    const after = await client.tokenIntrospection(api, access_token)

    assert.deepEqual([before.active, before.scope, before.client_id], [true, scope, 'reference'])
    assert.deepEqual(after, { active: false })
  })

  it('says why it refuses', async (t) => {
    const { issuer } = await startProvider(t)
    const wrong = await discover(issuer, 'client', client.ClientSecretBasic('nope'))
    const right = await discover(issuer, 'client', client.ClientSecretBasic('secret'))

    await assert.rejects(client.clientCredentialsGrant(wrong), client.WWWAuthenticateChallengeError)
    await assert.rejects(client.clientCredentialsGrant(right, { scope: 'nope' }), {
      name: 'ResponseBodyError',
      error: 'invalid_scope',
      status: 400,
    })
  })
})

describe('openidProvider', () => {
  it('closes its store when it is closed', async (t) => {
    let closed = 0
    const store = Object.assign(memoryStore(), { close: () => closed++ })
    const { provider } = await startProvider(t, { store })

    await provider.close()

    assert.equal(closed, 1)
  })
})
