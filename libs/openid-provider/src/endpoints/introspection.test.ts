import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createRemoteJWKSet, jwtVerify } from 'jose'

import { clientJwk, signAssertion, withAssertion } from '../../test-support/client-assertion.ts'
import { clients, machine, resources } from '../../test-support/registrations.ts'
import { startProvider } from '../../test-support/start-provider.ts'
import { type Client, jsonWebKey, sha256, sharedSecret } from '../index.ts'

const grant_type = 'client_credentials'
const path = '/connect/introspect'
const now = Date.UTC(2030, 0, 1)
const iat = now / 1000
const api = { client_id: 'resource1', secret: 'api-secret' }

describe('introspection endpoint', () => {
  for (const client_id of ['client', 'reference'])
    it(`tells an API what a token stands for, and of its own scopes alone (${client_id})`, async (t) => {
      const { introspect, issuer, requestToken } = await startProvider(t, { now: () => now })
      const { access_token } = await (await requestToken({ grant_type }, { client_id })).json()

      const response = await introspect(access_token, api)

      const { jti, ...answer } = await response.json()
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('content-type'), 'application/json')
      assert.equal(response.headers.get('cache-control'), 'no-store')
      assert.deepEqual(answer, {
        active: true,
        token_type: 'Bearer',
        iss: issuer,
        nbf: iat,
        iat,
        exp: iat + 3600,
        aud: 'resource1',
        scope: 'scope2',
        client_id,
        sub: client_id,
      })
      assert.equal(typeof jti, 'string')
    })

  for (const client_id of ['client', 'reference'])
    it(`tells a client all about its own token (${client_id})`, async (t) => {
      const { introspect, requestToken } = await startProvider(t)
      const { access_token } = await (await requestToken({ grant_type }, { client_id })).json()

      const answer = await (await introspect(access_token, { client_id })).json()

      assert.equal(answer.active, true)
      assert.equal(answer.scope, 'scope1 scope2 scope3')
    })

  it('tells a client nothing of the token of another', async (t) => {
    const { introspect, requestToken } = await startProvider(t)
    const { access_token } = await (await requestToken({ grant_type })).json()

    const response = await introspect(access_token, { client_id: 'other' })

    assert.deepEqual([response.status, await response.json()], [200, { active: false }])
  })

  for (const [problem, scope, resource] of [
    ['with a scope of none', 'scope1', undefined],
    ['for another API', 'scope2 scope3', 'urn:api2'],
  ] as const)
    it(`tells an API nothing of a token ${problem}`, async (t) => {
      const { introspect, requestToken } = await startProvider(t)
      const request = { grant_type, scope, ...(resource && { resource }) }
      const { access_token } = await (await requestToken(request)).json()

      assert.deepEqual(await (await introspect(access_token, api)).json(), { active: false })
    })

  it('tells an API nothing of a token that is for it, and has none of its scopes', async (t) => {
    const { introspect, issuer, keys } = await startProvider(t, { now: () => now })
    const claims = { iss: issuer, aud: 'resource1', client_id: 'client', exp: iat + 9 }

    for (const scope of ['scope1 scope3', '', undefined]) {
      const token = await keys.signingKey('ES256').sign('at+jwt', { ...claims, scope })
      assert.deepEqual(await (await introspect(token, api)).json(), { active: false })
    }
  })

  for (const client_id of ['client', 'reference'])
    it(`finds a token inactive from the second it expires (${client_id})`, async (t) => {
      const clock = { now }
      const { introspect, requestToken } = await startProvider(t, { now: () => clock.now })
      const { access_token } = await (await requestToken({ grant_type }, { client_id })).json()
      const isActive = async () => (await (await introspect(access_token, api)).json()).active

      clock.now += 3_600_000 - 1
      assert.equal(await isActive(), true)
      clock.now += 1
      assert.equal(await isActive(), false)
    })

  it('finds a revoked token inactive', async (t) => {
    const { introspect, requestToken, revoke } = await startProvider(t)
    const caller = { client_id: 'reference' }
    const { access_token } = await (await requestToken({ grant_type }, caller)).json()

    await revoke(access_token, caller)

    assert.deepEqual(await (await introspect(access_token, api)).json(), { active: false })
  })

  for (const [kind, forge] of [
    ['unknown', () => 'x'.repeat(43)],
    ['far too long', () => 'x'.repeat(50_000)],
    ['no JWT, though it has dots', () => 'a.b.c'],
    ['changed', (jwt: string) => jwt.replace(/.{4}$/, 'AAAA')],
    ['unsigned', (jwt: string) => `eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.${jwt.split('.')[1]}.`],
  ] as const)
    it(`finds a token inactive that is ${kind}`, async (t) => {
      const { introspect, requestToken } = await startProvider(t)
      const { access_token } = await (await requestToken({ grant_type })).json()

      const response = await introspect(forge(access_token), api)

      assert.deepEqual([response.status, await response.json()], [200, { active: false }])
    })

  it('takes no JWT of ours for an access token that is none', async (t) => {
    const { introspect, issuer, keys } = await startProvider(t, { now: () => now })
    const claims = {
      iss: issuer,
      aud: 'resource1',
      scope: 'scope2',
      client_id: 'client',
      exp: iat + 9,
    }
    const isActive = async (typ: string, change: object = {}) => {
      const token = await keys.signingKey('ES256').sign(typ, { ...claims, ...change })
      return (await (await introspect(token, api)).json()).active
    }

    assert.equal(await isActive('at+jwt'), true)
    assert.equal(await isActive('JWT'), false)
    assert.equal(await isActive('logout+jwt'), false)
    assert.equal(await isActive('at+jwt', { iss: 'https://other.example' }), false)
    assert.equal(await isActive('at+jwt', { exp: undefined }), false)
    assert.equal(await isActive('at+jwt', { client_id: undefined }), false)
  })

  it('ignores token_type_hint', async (t) => {
    const { postForm, requestToken } = await startProvider(t)
    const { access_token } = await (await requestToken({ grant_type })).json()
    const caller = { client_id: 'resource1', client_secret: 'api-secret' }

    for (const token_type_hint of ['refresh_token', 'nonsense']) {
      const response = await postForm(path, { ...caller, token: access_token, token_type_hint })
      assert.equal((await response.json()).active, true)
    }
  })

  it('asks for a token', async (t) => {
    const { introspect } = await startProvider(t)

    const response = await introspect('', api)

    assert.equal(response.status, 400)
    assert.deepEqual(await response.json(), {
      error: 'invalid_request',
      error_description: 'token is missing',
    })
  })
})

describe('introspection endpoint, callers', () => {
  it('lets an API authenticate with parameters', async (t) => {
    const { postForm } = await startProvider(t)

    const response = await postForm(path, {
      ...{ client_id: 'resource1', client_secret: 'api-secret', token: 'x' },
    })

    assert.equal(response.status, 200)
  })

  it('lets a client authenticate with private_key_jwt', async (t) => {
    const jwt = { ...machine, clientId: 'jwt', clientSecrets: [jsonWebKey(clientJwk)] }
    const { issuer, postForm } = await startProvider(t, { clients: [jwt], now: () => now })
    const authenticate = async () => withAssertion(await signAssertion(issuer, now))
    const { access_token } = await (await postForm('/connect/token', await authenticate())).json()

    const response = await postForm(path, { ...(await authenticate()), token: access_token })

    assert.equal((await response.json()).active, true)
  })

  for (const [problem, caller] of [
    ['a wrong API secret', { ...api, secret: 'nope' }],
    ["an API's name with the secret of a client", { ...api, secret: 'secret' }],
    ["a client's id with the secret of an API", { client_id: 'client', secret: 'api-secret' }],
    ['an API without secrets', { client_id: 'urn:api2', secret: '' }],
    ['a scope, which is no API', { client_id: 'scope2', secret: 'api-secret' }],
    ['an unknown name', { client_id: 'nobody', secret: 'api-secret' }],
  ] as const)
    it(`refuses ${problem} with 401 and a challenge`, async (t) => {
      const { introspect, issuer } = await startProvider(t)

      const response = await introspect('x', caller)

      assert.equal(response.status, 401)
      assert.equal(response.headers.get('www-authenticate'), `Basic realm="${issuer}"`)
      assert.deepEqual(await response.json(), {
        error: 'invalid_client',
        error_description: 'unknown client or wrong secret',
      })
    })

  it('refuses a request without authentication with 401', async (t) => {
    const { postForm } = await startProvider(t)

    const response = await postForm(path, { token: 'x' })

    assert.equal(response.status, 401)
    assert.equal((await response.json()).error, 'invalid_client')
  })

  it('refuses a public client, which anyone could pose as', async (t) => {
    const spa: Client = {
      ...{ clientId: 'spa', requireClientSecret: false, allowedGrantTypes: ['authorization_code'] },
      redirectUris: ['https://app.example/cb'],
    }
    const { postForm } = await startProvider(t, { clients: [spa] })

    const response = await postForm(path, { token: 'x', client_id: 'spa' })

    assert.equal(response.status, 401)
    assert.equal((await response.json()).error, 'invalid_client')
  })

  it('refuses an API that calls itself something else beside its credentials', async (t) => {
    const { issuer, request } = await startProvider(t)

    const response = await request(path, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('resource1:api-secret')}` },
      body: new URLSearchParams({ token: 'any', client_id: 'client' }),
    })

    assert.equal(response.status, 401)
    assert.equal(response.headers.get('www-authenticate'), `Basic realm="${issuer}"`)
  })

  it('refuses an API that authenticates in two ways', async (t) => {
    const { postForm } = await startProvider(t)
    const credentials = { client_id: 'resource1', client_secret: 'api-secret' }

    const response = await postForm(
      path,
      { ...credentials, token: 'x' },
      { authorization: `Basic ${Buffer.from('resource1:api-secret').toString('base64')}` },
    )

    assert.equal(response.status, 400)
    assert.equal((await response.json()).error, 'invalid_request')
  })

  it('refuses the secret of an API once it has expired', async (t) => {
    const clock = { now }
    const apiSecrets = [sharedSecret(sha256('api-secret'), { expiration: new Date(now + 1) })]
    const apiResources = [{ name: 'resource1', scopes: ['scope2'], apiSecrets }]
    const { introspect } = await startProvider(t, {
      resources: { ...resources, apiResources },
      now: () => clock.now,
    })

    assert.equal((await introspect('x', api)).status, 200)
    clock.now += 1
    assert.equal((await introspect('x', api)).status, 401)
  })

  it('knows a client that has the name of an API by its own secret, and its own tokens', async (t) => {
    const namesake: Client = { ...machine, clientId: 'resource1', allowedScopes: ['scope1'] }
    const { introspect, requestToken } = await startProvider(t, { clients: [...clients, namesake] })
    const client = { client_id: 'resource1', secret: 'secret' }
    const own = await (await requestToken({ grant_type }, client)).json()
    const foreign = await (await requestToken({ grant_type })).json()

    const isActive = async (token: string, caller: typeof api) =>
      (await (await introspect(token, caller)).json()).active

    assert.deepEqual(
      [await isActive(own.access_token, client), await isActive(own.access_token, api)],
      [true, false],
    )
    assert.deepEqual(
      [await isActive(foreign.access_token, client), await isActive(foreign.access_token, api)],
      [false, true],
    )
  })

  it('tells listeners who asked, and who was refused', async (t) => {
    const { events, introspect } = await startProvider(t)
    const told: unknown[] = []
    events.on('tokenIntrospected', (event) => told.push(event))
    events.on('apiAuthenticationFailed', (event) => told.push(event))

    await introspect('x', api)
    await introspect('x', { ...api, secret: 'nope' })

    assert.deepEqual(told, [
      { caller: 'resource1', active: false },
      { api: 'resource1', description: 'wrong API secret' },
    ])
  })
})

describe('introspection endpoint, signed answers', () => {
  const accept = 'application/token-introspection+jwt'

  it('signs what it would have said in JSON, for the caller alone', async (t) => {
    const { introspect, issuer, requestToken } = await startProvider(t, { now: () => now })
    const { access_token } = await (await requestToken({ grant_type })).json()
    const plain = await (await introspect(access_token, api)).json()

    const response = await introspect(access_token, { ...api, headers: { accept } })

    const jwks = createRemoteJWKSet(new URL(`${issuer}/.well-known/openid-configuration/jwks`))
    const { payload, protectedHeader } = await jwtVerify(await response.text(), jwks, {
      currentDate: new Date(now),
    })
    assert.equal(response.headers.get('content-type'), accept)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.deepEqual(
      [protectedHeader.typ, protectedHeader.alg],
      ['token-introspection+jwt', 'RS256'],
    )
    assert.deepEqual(payload, { iss: issuer, aud: 'resource1', iat, token_introspection: plain })
  })

  it('answers in JSON to whoever wants no JWT', async (t) => {
    const { introspect } = await startProvider(t)
    const accept = 'application/json, application/token-introspection+jwt;q=0'

    const response = await introspect('any', { ...api, headers: { accept } })

    assert.equal(response.headers.get('content-type'), 'application/json')
  })

  it('signs that a token is not active, and no more', async (t) => {
    const { introspect, issuer } = await startProvider(t, { now: () => now })

    const response = await introspect('x', { ...api, headers: { accept } })

    const [, payload = ''] = (await response.text()).split('.')
    assert.deepEqual(JSON.parse(Buffer.from(payload, 'base64url').toString()), {
      iss: issuer,
      aud: 'resource1',
      iat,
      token_introspection: { active: false },
    })
  })

  for (const [header, type] of [
    ['application/json', 'application/json'],
    ['*/*', 'application/json'],
    ['text/html, Application/Token-Introspection+JWT;q=0.5', accept],
  ] as const)
    it(`answers ${header} with ${type}`, async (t) => {
      const { introspect } = await startProvider(t)

      const response = await introspect('x', { ...api, headers: { accept: header } })

      assert.equal(response.headers.get('content-type'), type)
    })

  it('refuses in JSON', async (t) => {
    const { introspect } = await startProvider(t)

    const response = await introspect('x', { client_id: 'nobody', headers: { accept } })

    assert.equal(response.headers.get('content-type'), 'application/json')
  })
})
