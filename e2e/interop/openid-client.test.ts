import assert from 'node:assert/strict'
import { describe, type TestContext } from 'node:test'

import { type Client, GrantTypes, jsonWebKey, sha256, sharedSecret } from '@basics/openid-provider'
import { exportJWK, generateKeyPair } from 'jose'
import * as client from 'openid-client'

import { between } from './capabilities.ts'
import { HttpBrowser, readForm } from './support/http-browser.ts'
import { startTokenService } from './support/start-token-service.ts'

const redirect_uri = 'https://app.example/cb'
const post_logout_redirect_uri = 'https://app.example/bye'

const { privateKey, publicKey } = await generateKeyPair('ES256')
const key = { key: privateKey, kid: 'client-key' }
const secret = sharedSecret(sha256('secret'))

const web = {
  clientSecrets: [secret],
  allowedGrantTypes: GrantTypes.codeAndClientCredentials,
  allowedScopes: ['openid', 'profile', 'scope1', 'scope2'],
  allowOfflineAccess: true,
  redirectUris: [redirect_uri],
  postLogoutRedirectUris: [post_logout_redirect_uri],
} satisfies Omit<Client, 'clientId'>

const clients: Client[] = [
  { ...web, clientId: 'web' },
  { ...web, clientId: 'rotating', refreshTokenUsage: 'oneTimeOnly' },
  { ...web, clientId: 'pushing', requirePushedAuthorization: true },
  {
    ...web,
    clientId: 'signing',
    clientSecrets: [jsonWebKey({ ...(await exportJWK(publicKey)), kid: key.kid })],
    requireRequestObject: true,
  },
  { ...web, clientId: 'hybrid', allowedGrantTypes: GrantTypes.hybrid },
  { ...web, clientId: 'implicit', allowedGrantTypes: GrantTypes.implicit },
]

/** openid-client as a client of our token service: it makes the requests, and checks the answers. */
async function start(
  t: TestContext,
  client_id: string,
  authentication: client.ClientAuth = client.ClientSecretBasic('secret'),
  metadata: Partial<client.ClientMetadata> = {},
) {
  const issuer = await startTokenService(t, clients)
  const config = await client.discovery(new URL(issuer), client_id, metadata, authentication, {
    execute: [client.allowInsecureRequests],
  })
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const checks = {
    pkceCodeVerifier,
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
    idTokenExpected: true,
  }
  const parameters = {
    redirect_uri,
    scope: 'openid profile scope1 offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
  }
  const browser = new HttpBrowser()

  /** @returns The page where a new user ends up, or the redirect URI with the answer. */
  const open = (url: URL) =>
    browser.open(url, { stopAt: (at) => at.origin === new URL(redirect_uri).origin })

  /** A whole sign-in by a plain request. */
  async function signIn(others: Record<string, string> = {}) {
    const url = client.buildAuthorizationUrl(config, { ...parameters, ...others })
    return client.authorizationCodeGrant(config, (await open(url)).url, checks)
  }

  return { issuer, config, parameters, checks, open, signIn }
}

describe('openid-client at the token service', () => {
  const proves = between('openid-provider', 'openid-client', import.meta.filename)

  proves(
    [
      'Discovery',
      'Authorization code with PKCE',
      'Issuer in the response',
      'client_secret_basic',
      'Userinfo',
    ],
    'signs a user in',
    async (t) => {
      const { issuer, config, signIn } = await start(t, 'web')

      const tokens = await signIn()
      const user = await client.fetchUserInfo(config, tokens.access_token, 'alice')

      const metadata = config.serverMetadata()
      assert.equal(metadata.supportsPKCE(), true)
      assert.equal(metadata.authorization_response_iss_parameter_supported, true)
      assert.equal(tokens.claims()?.iss, issuer)
      assert.equal(user.name, 'Alice Smith')
    },
  )

  proves(['Issuer in the response'], 'notices the answer of another issuer', async (t) => {
    const { config, parameters, checks, open } = await start(t, 'web')
    const { url } = await open(client.buildAuthorizationUrl(config, parameters))
    url.searchParams.set('iss', 'https://other.example')

    await assert.rejects(client.authorizationCodeGrant(config, url, checks), (error: Error) => {
      assert.match(String(error.cause), /"iss"/)
      return true
    })
  })

  proves(['Response by form_post'], 'takes the answer by form_post', async (t) => {
    const { config, parameters, checks, open } = await start(t, 'web')
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
      const { signIn } = await start(t, 'web')
      const silently = { prompt: 'none' }

      await assert.rejects(signIn(silently), { error: 'login_required' })
      await signIn()
      const tokens = await signIn(silently)

      assert.equal(tokens.claims()?.sub, 'alice')
    },
  )

  proves(
    ['Signed requests (JAR)', 'private_key_jwt'],
    'signs its request and its assertion',
    async (t) => {
      const { config, parameters, checks, open, signIn } = await start(
        t,
        'signing',
        client.PrivateKeyJwt(key),
      )

      const url = await client.buildAuthorizationUrlWithJAR(config, parameters, key)
      const tokens = await client.authorizationCodeGrant(config, (await open(url)).url, checks)

      assert.equal(tokens.claims()?.sub, 'alice')
      await assert.rejects(signIn(), { error: 'invalid_request' })
    },
  )

  proves(['Pushed requests (PAR)', 'client_secret_post'], 'pushes its request', async (t) => {
    const { config, parameters, checks, open, signIn } = await start(
      t,
      'pushing',
      client.ClientSecretPost('secret'),
    )

    const url = await client.buildAuthorizationUrlWithPAR(config, parameters)
    const tokens = await client.authorizationCodeGrant(config, (await open(url)).url, checks)

    assert.deepEqual([...url.searchParams.keys()].sort(), ['client_id', 'request_uri'])
    assert.equal(tokens.claims()?.sub, 'alice')
    await assert.rejects(signIn(), { error: 'invalid_request' })
  })

  proves(['Refresh tokens', 'Revocation'], 'refreshes, until it revokes', async (t) => {
    const { config, signIn } = await start(t, 'rotating')

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
      const { config } = await start(t, 'web')
      const resource = 'urn:resource2'

      const { access_token } = await client.clientCredentialsGrant(config, { resource })
      const { active, aud, client_id } = await client.tokenIntrospection(config, access_token)

      assert.deepEqual(
        { active, aud, client_id },
        { active: true, aud: resource, client_id: 'web' },
      )
    },
  )

  proves(['Signed introspection'], 'checks a signed answer about its token', async (t) => {
    const { config, signIn } = await start(t, 'web', client.ClientSecretBasic('secret'), {
      introspection_signed_response_alg: 'RS256',
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
    const { config, open, signIn } = await start(t, 'web')
    const { id_token = '' } = await signIn()

    const { url } = await open(
      client.buildEndSessionUrl(config, {
        id_token_hint: id_token,
        post_logout_redirect_uri,
        state: 'state',
      }),
    )

    assert.equal(url.href, `${post_logout_redirect_uri}?state=state`)
    await assert.rejects(signIn({ prompt: 'none' }), { error: 'login_required' })
  })

  proves(['Hybrid flow'], 'takes a code with an ID Token that vouches for it', async (t) => {
    const { config, signIn } = await start(t, 'hybrid')
    client.useCodeIdTokenResponseType(config)

    const tokens = await signIn()

    assert.equal(tokens.claims()?.sub, 'alice')
  })

  proves(['Implicit flow'], 'takes an ID Token from the redirect', async (t) => {
    const { config, parameters, checks, open } = await start(t, 'implicit')
    client.useIdTokenResponseType(config)
    const { expectedNonce, expectedState } = checks
    const { code_challenge: _, code_challenge_method: __, ...others } = parameters

    const url = client.buildAuthorizationUrl(config, { ...others, scope: 'openid profile' })
    const answer = await open(url)
    const claims = await client.implicitAuthentication(config, answer.url, expectedNonce, {
      expectedState,
    })

    assert.equal(claims.sub, 'alice')
  })
})
