import assert from 'node:assert/strict'
import { describe } from 'node:test'

import {
  backChannelLogout,
  codeIdTokenByFormPost,
  type LogoutTokenClaims,
  pushedAuthorizationRequest,
  queryParameters,
  signedRequestObject,
  type UserSession,
} from '@basics/relying-party'
import { type ResourceServerOptions, resourceServer } from '@basics/resource-server'
import { type AccessToken, clientCredentialsTokens } from '@basics/token-management'
import { exportJWK, generateKeyPair } from 'jose'
import { ClientSecretBasic, ClientSecretPost, PrivateKeyJwt } from 'openid-client'

import { between, type Capability } from './capabilities.ts'
import { HttpBrowser, readForm } from './support/http-browser.ts'
import { startApi } from './support/start-api.ts'
import { apis, startOidcProvider } from './support/start-oidc-provider.ts'
import { startWebApp, type WebAppSetup } from './support/start-web-app.ts'

const { privateKey, publicKey } = await generateKeyPair('ES256')
const key = { key: privateKey, kid: 'client-key' }
const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: key.kid }] }

const basicClient: WebAppSetup = {
  options: { clientAuthentication: ClientSecretBasic('secret') },
  registration: { client_secret: 'secret' },
}

const machine = {
  client_id: 'machine',
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
}

describe('relying-party at oidc-provider', () => {
  const proves = between('relying-party', 'oidc-provider', import.meta.filename)

  const ways: readonly (WebAppSetup & { name: string; proven: readonly Capability[] })[] = [
    {
      name: 'by a plain request',
      proven: ['client_secret_basic'],
      options: {
        clientAuthentication: ClientSecretBasic('secret'),
        authorizationRequest: queryParameters(),
      },
      registration: { client_secret: 'secret' },
    },
    {
      name: 'by a signed request, and with private_key_jwt',
      proven: ['Signed requests (JAR)', 'private_key_jwt'],
      options: {
        clientAuthentication: PrivateKeyJwt(key),
        authorizationRequest: signedRequestObject(key),
      },
      registration: {
        token_endpoint_auth_method: 'private_key_jwt',
        require_signed_request_object: true,
        jwks,
      },
    },
    {
      name: 'by a pushed request',
      proven: ['Pushed requests (PAR)', 'client_secret_post'],
      options: {
        clientAuthentication: ClientSecretPost('secret'),
        authorizationRequest: pushedAuthorizationRequest(),
      },
      registration: {
        client_secret: 'secret',
        token_endpoint_auth_method: 'client_secret_post',
        require_pushed_authorization_requests: true,
      },
    },
  ]
  for (const { name, proven, ...setup } of ways)
    proves(
      [...proven, 'Discovery', 'Authorization code with PKCE', 'Userinfo'],
      `signs a user in ${name}`,
      async (t) => {
        const { url, logged } = await startWebApp(t, setup)

        const page = await new HttpBrowser().open(`${url}/secure?a=b`)

        assert.equal(page.url.href, `${url}/secure?a=b`)
        const { claims } = JSON.parse(page.body) as UserSession
        assert.equal(claims.sub, 'alice')
        assert.equal(claims.name, 'Alice Smith')
        assert.equal(claims.website, 'http://alice.example.com')
        assert.deepEqual(logged, [])
      },
    )

  proves(
    ['Hybrid flow', 'Response by form_post'],
    'takes a code with an ID Token that vouches for it, in a form',
    async (t) => {
      const { url, issuer, logged } = await startWebApp(t, {
        options: {
          clientAuthentication: ClientSecretBasic('secret'),
          authorizationResponse: codeIdTokenByFormPost(),
        },
        registration: {
          client_secret: 'secret',
          grant_types: ['authorization_code', 'implicit', 'refresh_token'],
          response_types: ['code id_token'],
          // With this flow, web applications have to be at https addresses there, and native ones not.
          application_type: 'native',
        },
      })
      const browser = new HttpBrowser()

      const form = await browser.open(`${url}/secure?a=b`)
      const page = await browser.submit(form)

      assert.equal(form.url.origin, issuer)
      // No `iss`: the ID Token names the issuer.
      assert.deepEqual(Object.keys(readForm(form).fields).sort(), ['code', 'id_token', 'state'])
      assert.equal(page.url.href, `${url}/secure?a=b`)
      assert.equal((JSON.parse(page.body) as UserSession).claims.sub, 'alice')
      assert.deepEqual(logged, [])
    },
  )

  proves(['Logout by the client'], 'signs the user out there too', async (t) => {
    const { url, issuer, logged } = await startWebApp(t, basicClient)
    const browser = new HttpBrowser()
    await browser.open(`${url}/secure`)

    const question = await browser.open(`${url}/logout`)
    const home = await browser.submit(question, { logout: 'yes' })

    assert.equal(question.url.origin, issuer)
    assert.equal(home.url.href, `${url}/`)
    assert.deepEqual(JSON.parse(home.body), { signedIn: false })
    assert.deepEqual(logged, [])
  })

  proves(['Back-channel logout'], 'ends the session of a user who signed out there', async (t) => {
    const received = Promise.withResolvers<LogoutTokenClaims>()
    const { options, registration } = basicClient
    const { url, issuer, logged } = await startWebApp(t, {
      options: { ...options, backChannelLogout: backChannelLogout({ received: received.resolve }) },
      registration: { ...registration, backchannel_logout_session_required: true },
      hearsOfLogouts: true,
    })
    const browser = new HttpBrowser()
    await browser.open(`${url}/secure`)

    await browser.submit(await browser.open(`${issuer}/session/end`), { logout: 'yes' })

    const { iss, sub, sid } = await received.promise
    assert.deepEqual([iss, sub, typeof sid], [issuer, 'alice', 'string'])
    assert.deepEqual(JSON.parse((await browser.open(url)).body), { signedIn: false })
    assert.deepEqual(logged, [])
  })
})

describe('token-management at oidc-provider', () => {
  const proves = between('token-management', 'oidc-provider', import.meta.filename)

  proves(
    ['Refresh tokens', 'Resource indicators'],
    "gets the user's token for an API",
    async (t) => {
      const { url, issuer, logged } = await startWebApp(t, basicClient)
      const browser = new HttpBrowser()
      const { tokens } = JSON.parse((await browser.open(`${url}/secure`)).body) as UserSession

      const { body } = await browser.open(`${url}/token?resource=${apis.jwt}`)

      const { access_token } = JSON.parse(body) as AccessToken
      assert.notEqual(access_token, tokens.access_token)
      const call = await startApi(t, [resourceServer({ issuer, audience: apis.jwt }).required])
      assert.equal((await call(access_token)).status, 200)
      assert.deepEqual(logged, [])
    },
  )

  proves(['Revocation'], 'gives the refresh token back when the user signs out', async (t) => {
    const { url, issuer, logged } = await startWebApp(t, basicClient)
    const browser = new HttpBrowser()
    const { tokens } = JSON.parse((await browser.open(`${url}/secure`)).body) as UserSession

    await browser.open(`${url}/logout`)

    const { refresh_token = '' } = tokens
    const response = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa('web:secret')}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token }),
    })
    assert.deepEqual(await response.json(), {
      error: 'invalid_grant',
      error_description: 'grant request is invalid',
    })
    assert.deepEqual(logged, [])
  })

  const machines = [
    ['client_secret_basic', ClientSecretBasic('secret')],
    ['client_secret_post', ClientSecretPost('secret')],
    ['private_key_jwt', PrivateKeyJwt(key)],
  ] as const
  for (const [method, clientAuthentication] of machines)
    proves(['Client credentials', method], `gets a machine's token with ${method}`, async (t) => {
      const issuer = await startOidcProvider(t, [
        {
          ...machine,
          token_endpoint_auth_method: method,
          ...(method === 'private_key_jwt' ? { jwks } : { client_secret: 'secret' }),
        },
      ])
      const tokens = clientCredentialsTokens({
        api: { issuer, clientId: 'machine', clientAuthentication, scope: 'scope1' },
      })

      const { access_token, scope } = await tokens.get('api', { resource: apis.jwt })

      assert.match(access_token, /^[\w-]+\.[\w-]+\.[\w-]+$/)
      assert.equal(scope, 'scope1')
    })
})

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
      const issuer = await startOidcProvider(t, [{ ...machine, client_secret: 'secret' }])
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
