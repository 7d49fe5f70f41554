import assert from 'node:assert/strict'
import { describe } from 'node:test'

import { GrantTypes } from '@basics/openid-provider'
import { decodeJwt } from 'jose'
import * as client from 'openid-client'

import { between } from './capabilities.ts'
import { post_logout_redirect_uri, startOpenidClient } from './support/start-openid-client.ts'

describe('openid-client at the token service', () => {
  const proves = between('openid-provider', 'openid-client', import.meta.filename)

  proves(
    ['Discovery', 'Authorization code with PKCE', 'client_secret_basic', 'Userinfo'],
    'signs a user in',
    async (t) => {
      const { issuer, config, parameters, checks, open, signIn } = await startOpenidClient(t)

      const tokens = await signIn()
      const user = await client.fetchUserInfo(config, tokens.access_token, 'alice')
      const { url } = await open(client.buildAuthorizationUrl(config, parameters))
      const otherChecks = { ...checks, pkceCodeVerifier: client.randomPKCECodeVerifier() }

      assert.equal(config.serverMetadata().supportsPKCE(), true)
      assert.equal(tokens.claims()?.iss, issuer)
      assert.equal(tokens.scope, parameters.scope)
      assert.equal(user.name, 'Alice Smith')
      await assert.rejects(client.authorizationCodeGrant(config, url, otherChecks), {
        error: 'invalid_grant',
      })
    },
  )

  proves(
    ['Public client', 'Refresh tokens', 'Revocation'],
    'signs a user in, refreshes and revokes without a secret',
    async (t) => {
      const { config, signIn } = await startOpenidClient(t, {
        registration: {
          clientSecrets: [],
          requireClientSecret: false,
          allowedGrantTypes: GrantTypes.code,
        },
        authentication: client.None(),
      })

      const tokens = await signIn()
      const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
      await client.tokenRevocation(config, renewed.refresh_token ?? '')

      assert.equal(tokens.claims()?.sub, 'alice')
      await assert.rejects(client.refreshTokenGrant(config, renewed.refresh_token ?? ''), {
        error: 'invalid_grant',
      })
    },
  )

  proves(['Refresh tokens', 'Revocation'], 'refreshes, until it revokes', async (t) => {
    const { config, signIn } = await startOpenidClient(t, {
      registration: { refreshTokenUsage: 'oneTimeOnly' },
    })

    const tokens = await signIn()
    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
    await client.tokenRevocation(config, renewed.refresh_token ?? '')

    assert.notEqual(renewed.refresh_token, tokens.refresh_token)
    assert.equal(renewed.claims()?.sub, 'alice')
    await assert.rejects(client.refreshTokenGrant(config, renewed.refresh_token ?? ''), {
      error: 'invalid_grant',
    })
  })

  proves(
    ['Resource indicators', 'Refresh tokens'],
    "gets the user's token for one API, and then for another",
    async (t) => {
      const { config, parameters, checks, open } = await startOpenidClient(t)
      const request = new URLSearchParams({ ...parameters, scope: 'openid scope2 offline_access' })
      request.append('resource', 'urn:resource2')
      request.append('resource', 'urn:resource3')
      const { url } = await open(client.buildAuthorizationUrl(config, request))

      const one = { resource: 'urn:resource2' }
      const tokens = await client.authorizationCodeGrant(config, url, checks, one)
      const refresh = (resource: string) =>
        client.refreshTokenGrant(config, tokens.refresh_token ?? '', { resource })
      const renewed = await refresh('urn:resource3')

      assert.equal(decodeJwt(tokens.access_token).aud, 'urn:resource2')
      assert.equal(decodeJwt(renewed.access_token).aud, 'urn:resource3')
      await assert.rejects(refresh('urn:other'), { error: 'invalid_target' })
    },
  )

  proves(['Signed introspection'], 'checks a signed answer about its token', async (t) => {
    const { config, signIn } = await startOpenidClient(t, {
      metadata: { introspection_signed_response_alg: 'RS256' },
    })
    client.enableNonRepudiationChecks(config)
    const { access_token } = await signIn()
    let type: string | null = null
    config[client.customFetch] = async (url, options) => {
      const response = await fetch(url, options as RequestInit)
      if (url.endsWith('/connect/introspect')) type = response.headers.get('content-type')
      return response
    }

    const { active, sub } = await client.tokenIntrospection(config, access_token)

    assert.deepEqual({ active, sub }, { active: true, sub: 'alice' })
    assert.equal(type, 'application/token-introspection+jwt')
  })

  proves(['Logout by the client'], 'signs the user out', async (t) => {
    const { signIn, signOut } = await startOpenidClient(t)
    const { id_token = '' } = await signIn()

    const url = await signOut(id_token)

    assert.equal(url.href, `${post_logout_redirect_uri}?state=state`)
    await assert.rejects(signIn({ prompt: 'none' }), { error: 'login_required' })
  })
})
