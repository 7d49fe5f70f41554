import assert from 'node:assert/strict'
import { describe } from 'node:test'

import { GrantTypes, jsonWebKey } from '@basics/openid-provider'
import { exportJWK, generateKeyPair } from 'jose'
import * as client from 'openid-client'

import { between } from './capabilities.ts'
import { readForm } from './support/http-browser.ts'
import { post_logout_redirect_uri, startOpenidClient } from './support/start-openid-client.ts'

const { privateKey, publicKey } = await generateKeyPair('ES256')
const key = { key: privateKey, kid: 'client-key' }
const jwk = { ...(await exportJWK(publicKey)), kid: key.kid }

describe('openid-client at the token service', () => {
  const proves = between('openid-provider', 'openid-client', import.meta.filename)

  proves(
    ['Discovery', 'Authorization code with PKCE', 'client_secret_basic', 'Userinfo'],
    'signs a user in',
    async (t) => {
      const { issuer, config, signIn } = await startOpenidClient(t)

      const tokens = await signIn()
      const user = await client.fetchUserInfo(config, tokens.access_token, 'alice')

      assert.equal(config.serverMetadata().supportsPKCE(), true)
      assert.equal(tokens.claims()?.iss, issuer)
      assert.equal(user.name, 'Alice Smith')
    },
  )

  proves(['Issuer in the response'], 'takes no answer of another issuer', async (t) => {
    const { config, parameters, checks, open } = await startOpenidClient(t)
    const { url } = await open(client.buildAuthorizationUrl(config, parameters))
    const changed = new URL(url)
    changed.searchParams.set('iss', 'https://other.example')

    assert.equal(config.serverMetadata().authorization_response_iss_parameter_supported, true)
    await assert.rejects(client.authorizationCodeGrant(config, changed, checks), (error: Error) => {
      assert.match(String(error.cause), /"iss"/)
      return true
    })
    await client.authorizationCodeGrant(config, url, checks)
  })

  proves(['Response by form_post'], 'takes the answer by form_post', async (t) => {
    const { config, parameters, checks, open } = await startOpenidClient(t)
    const response_mode = 'form_post'

    const page = await open(client.buildAuthorizationUrl(config, { ...parameters, response_mode }))
    const { action, fields } = readForm(page)
    const body = new URLSearchParams(fields)
    const posted = new Request(action, { method: 'POST', body })
    const tokens = await client.authorizationCodeGrant(config, posted, checks)

    assert.equal(tokens.claims()?.sub, 'alice')
  })

  proves(
    ['Sign-in without a page (prompt=none)'],
    'is told whether a user is signed in',
    async (t) => {
      const { signIn } = await startOpenidClient(t)
      const silently = { prompt: 'none' }

      await assert.rejects(signIn(silently), { error: 'login_required' })
      await signIn()
      const tokens = await signIn(silently)

      assert.equal(tokens.claims()?.sub, 'alice')
    },
  )

  proves(
    ['Signed requests (JAR)', 'private_key_jwt'],
    'signs its requests and its assertions',
    async (t) => {
      const { config, parameters, redeem, signIn } = await startOpenidClient(t, {
        registration: { clientSecrets: [jsonWebKey(jwk)], requireRequestObject: true },
        authentication: client.PrivateKeyJwt(key),
      })

      const url = await client.buildAuthorizationUrlWithJAR(config, parameters, key)
      const tokens = await redeem(url)

      assert.equal(tokens.claims()?.sub, 'alice')
      await assert.rejects(signIn(), { error: 'invalid_request' })
    },
  )

  proves(['Pushed requests (PAR)', 'client_secret_post'], 'pushes its requests', async (t) => {
    const { config, parameters, redeem, signIn } = await startOpenidClient(t, {
      registration: { requirePushedAuthorization: true },
      authentication: client.ClientSecretPost('secret'),
    })

    const url = await client.buildAuthorizationUrlWithPAR(config, parameters)
    const tokens = await redeem(url)

    assert.deepEqual([...url.searchParams.keys()].sort(), ['client_id', 'request_uri'])
    assert.equal(tokens.claims()?.sub, 'alice')
    await assert.rejects(signIn(), { error: 'invalid_request' })
  })

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

  proves(['Hybrid flow'], 'takes a code with an ID Token that vouches for it', async (t) => {
    const { config, signIn } = await startOpenidClient(t, {
      registration: { allowedGrantTypes: GrantTypes.hybrid },
    })
    client.useCodeIdTokenResponseType(config)

    const tokens = await signIn()

    assert.equal(tokens.claims()?.sub, 'alice')
  })

  proves(['Implicit flow'], 'takes an ID Token from the redirect', async (t) => {
    const { config, parameters, checks, open } = await startOpenidClient(t, {
      registration: { allowedGrantTypes: GrantTypes.implicit },
    })
    client.useIdTokenResponseType(config)
    const { redirect_uri, nonce, state } = parameters

    const url = client.buildAuthorizationUrl(config, {
      redirect_uri,
      nonce,
      state,
      scope: 'openid profile',
    })
    const answer = await open(url)
    const claims = await client.implicitAuthentication(config, answer.url, checks.expectedNonce, {
      expectedState: checks.expectedState,
    })

    assert.equal(claims.sub, 'alice')
  })
})
