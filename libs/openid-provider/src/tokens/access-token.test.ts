import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { decodeJwt } from 'jose'

import { machine, resources } from '../../test-support/registrations.ts'
import { startProvider } from '../../test-support/start-provider.ts'
import type { Client } from '../index.ts'

const grant_type = 'client_credentials'

describe('audience of an access token', () => {
  it('is <issuer>/resources when no API has the scope', async (t) => {
    const { issuer, requestToken } = await startProvider(t)

    const { access_token } = await (await requestToken({ grant_type, scope: 'scope1' })).json()

    assert.equal(decodeJwt(access_token).aud, `${issuer}/resources`)
  })

  it('lists every API that has one of the scopes, each once', async (t) => {
    const apiResources = ['a', 'b', 'c'].map((name) => ({ name, scopes: ['scope1', 'scope2'] }))
    const { requestToken } = await startProvider(t, { resources: { ...resources, apiResources } })

    const { access_token } = await (await requestToken({ grant_type })).json()

    assert.deepEqual(decodeJwt(access_token).aud, ['a', 'b', 'c'])
  })

  it('has no API that is disabled', async (t) => {
    const apiResources = [{ name: 'a', scopes: ['scope1'], enabled: false }]
    const { issuer, requestToken } = await startProvider(t, {
      resources: { ...resources, apiResources },
    })

    const { access_token } = await (await requestToken({ grant_type })).json()

    assert.equal(decodeJwt(access_token).aud, `${issuer}/resources`)
  })

  it('has <issuer>/resources besides the APIs with emitStaticAudienceClaim', async (t) => {
    const { issuer, requestToken } = await startProvider(t, {
      options: { emitStaticAudienceClaim: true },
    })

    const { access_token } = await (await requestToken({ grant_type })).json()

    assert.deepEqual(decodeJwt(access_token).aud, ['resource1', `${issuer}/resources`])
  })
})

describe('access token', () => {
  it('lives as long as the client is registered for', async (t) => {
    const now = Date.UTC(2030, 0, 1) + 999
    const client = { ...machine, clientId: 'client', accessTokenLifetime: 75 }
    const { requestToken } = await startProvider(t, { clients: [client], now: () => now })

    const { access_token, expires_in } = await (await requestToken({ grant_type })).json()

    const { iat, exp } = decodeJwt(access_token)
    assert.equal(expires_in, 75)
    assert.equal(iat, Math.floor(now / 1000))
    assert.equal(exp, Math.floor(now / 1000) + 75)
  })

  it('has no jti when the client is registered without', async (t) => {
    const claims = await claimsFor(t, { includeJwtId: false })

    assert.equal('jti' in claims, false)
  })

  it('carries the claims of the client behind a prefix, repeated ones as a list', async (t) => {
    const claims = await claimsFor(t, {
      claims: [
        { type: 'tier', value: 'gold' },
        { type: 'quota', value: 5 },
        { type: 'beta', value: true },
        { type: 'region', value: 'eu' },
        { type: 'region', value: 'us' },
      ],
    })

    const { client_tier, client_quota, client_beta, client_region } = claims
    assert.deepEqual(
      { client_tier, client_quota, client_beta, client_region },
      { client_tier: 'gold', client_quota: 5, client_beta: true, client_region: ['eu', 'us'] },
    )
  })

  it('carries them under another prefix, or none', async (t) => {
    const claims = [{ type: 'tier', value: 'gold' }]

    assert.equal((await claimsFor(t, { claims, clientClaimsPrefix: 'x_' })).x_tier, 'gold')
    assert.equal((await claimsFor(t, { claims, clientClaimsPrefix: '' })).tier, 'gold')
  })

  for (const accessTokenType of ['jwt', 'reference'] as const)
    it(`lets no claim of the client stand in for one of the protocol's (${accessTokenType})`, async (t) => {
      const names = ['iss', 'nbf', 'iat', 'exp', 'aud', 'scope', 'client_id', 'sub', 'jti']
      const withClaims = {
        clientClaimsPrefix: '',
        claims: [...names, 'active', 'token_type'].map((type) => ({ type, value: 'forged' })),
      }
      const client: Client = { ...machine, clientId: 'client', accessTokenType, ...withClaims }
      const { introspect, requestToken } = await startProvider(t, { clients: [client] })

      const { access_token } = await (await requestToken({ grant_type })).json()

      const answer = await (await introspect(access_token)).json()
      assert.equal(answer.active, true)
      assert.equal(JSON.stringify(answer).includes('forged'), false)
    })
})

async function claimsFor(
  t: Parameters<typeof startProvider>[0],
  registration: Partial<Client>,
): Promise<Record<string, unknown>> {
  const client = { ...machine, clientId: 'client', ...registration }
  const { requestToken } = await startProvider(t, { clients: [client] })
  return decodeJwt((await (await requestToken({ grant_type })).json()).access_token)
}
