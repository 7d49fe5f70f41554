import assert from 'node:assert/strict'
import { describe, type TestContext } from 'node:test'
import {
  type Client,
  GrantTypes,
  type ProviderOptions,
  sha256,
  sharedSecret,
} from '@basics/openid-provider'
import { createBasicCredentials } from '@basics/protocol'
import { auth, requiredScopes } from 'express-oauth2-jwt-bearer'
import { createRemoteJWKSet, jwtVerify } from 'jose'

import { between } from './capabilities.ts'
import { startApi } from './support/start-api.ts'
import { startTokenService } from './support/start-token-service.ts'

const audience = 'resource1'

const machine: Client = {
  clientId: 'machine',
  clientSecrets: [sharedSecret(sha256('secret'))],
  allowedGrantTypes: GrantTypes.clientCredentials,
  allowedScopes: ['scope1', 'scope2'],
}

async function start(t: TestContext, options: Partial<ProviderOptions> = {}) {
  const issuer = await startTokenService(t, [machine], options)

  async function requestToken(parameters: Record<string, string>): Promise<string> {
    const authorization = createBasicCredentials({ client_id: 'machine', client_secret: 'secret' })
    const response = await fetch(`${issuer}/connect/token`, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...parameters }),
    })
    return (await response.json()).access_token
  }

  return {
    issuer,
    own: await requestToken({ scope: 'scope1' }),
    foreign: await requestToken({ resource: 'urn:resource2' }),
  }
}

describe('express-oauth2-jwt-bearer, fed by the token service', () => {
  const proves = between('openid-provider', 'express-oauth2-jwt-bearer', import.meta.filename)

  proves(['JWT access tokens'], 'lets tokens in that are for it', async (t) => {
    const { issuer, own, foreign } = await start(t)
    const jwksUri = `${issuer}/.well-known/openid-configuration/jwks`
    // Strict: the profile of RFC 9068, typ and all.
    const settings = { audience, tokenSigningAlg: 'ES256', strict: true }
    const required = auth({ issuer, jwksUri, ...settings })
    const call = await startApi(t, [required], (req) => req.auth?.payload)

    const { status, answer } = await call(own)

    assert.equal(status, 200)
    assert.equal(answer.sub, 'machine')
    assert.equal(answer.client_id, 'machine')
    assert.equal((await call(foreign)).status, 401)
  })

  // It takes the algorithms of ID Tokens for those of access tokens, which by default are others.
  const options = { accessTokenSigningAlgorithm: 'RS256' } as const
  proves(['Discovery', 'JWT access tokens'], 'finds keys and scope by itself', async (t) => {
    const { issuer, own } = await start(t, options)
    const checked = auth({ issuerBaseURL: issuer, audience, tokenSigningAlg: 'RS256' })
    const [one, other] = await Promise.all(
      ['scope1', 'scope2'].map((scope) => startApi(t, [checked, requiredScopes(scope)])),
    )

    assert.equal((await one?.(own))?.status, 200)
    assert.equal((await other?.(own))?.status, 403)
  })
})

describe('jose, fed by the token service', () => {
  const proves = between('openid-provider', 'jose', import.meta.filename)

  proves(['JWT access tokens'], 'verifies a token with the published keys', async (t) => {
    const { issuer, own, foreign } = await start(t)
    const metadata = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()
    const keys = createRemoteJWKSet(new URL(metadata.jwks_uri))
    const verify = (token: string) => jwtVerify(token, keys, { issuer, audience, typ: 'at+jwt' })

    const { payload } = await verify(own)

    assert.equal(payload.client_id, 'machine')
    await assert.rejects(verify(foreign), { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'aud' })
  })
})
