import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'

import { machine } from '../../test-support/registrations.ts'
import { startProvider } from '../../test-support/start-provider.ts'
import { memoryStore } from '../index.ts'

const grant_type = 'client_credentials'
const now = Date.UTC(2030, 0, 1)
const iat = now / 1000

describe('token endpoint, client_credentials', () => {
  it('answers with a token, its lifetime, its type and its scope', async (t) => {
    const { requestToken } = await startProvider(t)

    const response = await requestToken({ grant_type, scope: 'scope2 scope1' })

    const { access_token, ...rest } = await response.json()
    assert.equal(response.status, 200)
    assert.equal(typeof access_token, 'string')
    assert.deepEqual(rest, { expires_in: 3600, token_type: 'Bearer', scope: 'scope2 scope1' })
  })

  it('sends JSON that nobody may cache', async (t) => {
    const { requestToken } = await startProvider(t)

    const { headers } = await requestToken({ grant_type })

    assert.equal(headers.get('content-type'), 'application/json')
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('pragma'), 'no-cache')
  })

  it('issues a JWT that the published keys verify', async (t) => {
    const { issuer, keys, requestToken } = await startProvider(t, { now: () => now })

    const { access_token } = await (await requestToken({ grant_type, scope: 'scope2' })).json()

    const jwks = createRemoteJWKSet(new URL(`${issuer}/.well-known/openid-configuration/jwks`))
    const { payload, protectedHeader } = await jwtVerify(access_token, jwks, {
      currentDate: new Date(now),
    })
    const { jti, ...claims } = payload
    assert.deepEqual(protectedHeader, {
      alg: 'ES256',
      kid: keys.signingKey('ES256').kid,
      typ: 'at+jwt',
    })
    assert.deepEqual(claims, {
      iss: issuer,
      nbf: iat,
      iat,
      exp: iat + 3600,
      aud: 'resource1',
      scope: 'scope2',
      client_id: 'client',
      sub: 'client',
    })
    assert.match(String(jti), /^[\w-]{43}$/)
  })

  it('gives each token an id of its own', async (t) => {
    const { requestToken } = await startProvider(t)
    const issue = async () =>
      decodeJwt((await (await requestToken({ grant_type })).json()).access_token)

    assert.notEqual((await issue()).jti, (await issue()).jti)
  })

  it('issues a reference to a client registered for it, and stores no more than its hash', async (t) => {
    const store = memoryStore()
    const { requestToken } = await startProvider(t, { store })

    const response = await requestToken({ grant_type }, { client_id: 'reference' })

    const { access_token } = await response.json()
    assert.match(access_token, /^[\w-]{43}$/)
    const records = await store.getAll({ type: 'reference_token' })
    assert.equal(records.length, 1)
    assert.equal(JSON.stringify(records).includes(access_token), false)
  })

  it('grants every API scope that is allowed when none is asked for', async (t) => {
    const { requestToken } = await startProvider(t)

    const { scope } = await (await requestToken({ grant_type })).json()

    assert.equal(scope, 'scope1 scope2 scope3')
  })

  it('grants a scope once that is asked for twice', async (t) => {
    const { requestToken } = await startProvider(t)

    const { scope } = await (await requestToken({ grant_type, scope: 'scope1 scope1' })).json()

    assert.equal(scope, 'scope1')
  })

  it('tells listeners of the token, and not the token', async (t) => {
    const { events, requestToken } = await startProvider(t)
    const told: unknown[] = []
    events.on('tokenIssued', (event) => told.push(event))

    await requestToken({ grant_type, scope: 'scope1' })

    assert.deepEqual(told, [{ client_id: 'client', grant_type, scope: 'scope1' }])
  })

  for (const [problem, scope, description] of [
    ['an unknown scope', 'scope1 nope', 'nope is unknown, or not allowed for this client'],
    ['a scope of another client', 'scope2', 'scope2 is unknown, or not allowed for this client'],
    ['an identity scope', 'openid', 'openid is no API scope; this grant has no user'],
    [
      'offline_access',
      'scope1 offline_access',
      'there are no refresh tokens for a client on its own',
    ],
    ['a quote in the scope', 'sco"pe', 'scope has a character that scope values cannot have'],
    ['301 characters of scope', 's'.repeat(301), 'scope is longer than 300 characters'],
  ] as const)
    it(`refuses ${problem}`, async (t) => {
      const { requestToken } = await startProvider(t)

      const response = await requestToken({ grant_type, scope }, { client_id: 'narrow' })

      assert.equal(response.status, 400)
      assert.deepEqual(await response.json(), {
        error: 'invalid_scope',
        error_description: description,
      })
    })

  it('refuses a client that is registered for no API scope', async (t) => {
    const client = { ...machine, clientId: 'client', allowedScopes: ['openid'] }
    const { requestToken } = await startProvider(t, { clients: [client] })

    const response = await requestToken({ grant_type })

    assert.equal(response.status, 400)
    assert.equal((await response.json()).error, 'invalid_scope')
  })
})

describe('token endpoint, grant_type', () => {
  it('asks for one', async (t) => {
    const { requestToken } = await startProvider(t)

    const response = await requestToken({})

    assert.equal(response.status, 400)
    assert.deepEqual(await response.json(), {
      error: 'invalid_request',
      error_description: 'grant_type is missing',
    })
  })

  it('says that there is no password grant, and what there is', async (t) => {
    const { requestToken } = await startProvider(t)

    const response = await requestToken({ grant_type: 'password', username: 'a', password: 'b' })

    assert.equal(response.status, 400)
    assert.deepEqual(await response.json(), {
      error: 'unsupported_grant_type',
      error_description:
        'grant_type password is not supported: it shows the password to the client; ' +
        'use authorization_code',
    })
  })

  for (const unknown of ['implicit', 'hybrid', 'constructor', '__proto__', 'Client_Credentials'])
    it(`does not support ${unknown}`, async (t) => {
      const { requestToken } = await startProvider(t)

      const response = await requestToken({ grant_type: unknown })

      assert.equal(response.status, 400)
      assert.deepEqual(await response.json(), {
        error: 'unsupported_grant_type',
        error_description: `grant_type ${unknown} is not supported`,
      })
    })

  it('refuses one that the client is not registered for', async (t) => {
    const { requestToken } = await startProvider(t)

    const response = await requestToken({ grant_type }, { client_id: 'web' })

    assert.equal(response.status, 400)
    assert.deepEqual(await response.json(), {
      error: 'unauthorized_client',
      error_description: 'the client may not use client_credentials',
    })
  })

  it('says who asks for it before it says what is wrong with it', async (t) => {
    const { requestToken } = await startProvider(t)

    const response = await requestToken({ grant_type: 'password' }, { secret: 'nope' })

    assert.equal(response.status, 401)
  })
})

describe('token endpoint, resource indicators', () => {
  const request = { grant_type, scope: 'scope1 scope2 scope3' }

  it('narrows audience and scope to the API that is named', async (t) => {
    const { requestToken } = await startProvider(t)

    const response = await requestToken({ ...request, resource: 'urn:api2' })

    const { access_token, scope } = await response.json()
    assert.equal(scope, 'scope2 scope3')
    assert.equal(decodeJwt(access_token).aud, 'urn:api2')
  })

  it('takes several', async (t) => {
    const resources = {
      identityResources: [],
      apiScopes: [{ name: 'scope2' }, { name: 'scope3' }],
      apiResources: ['urn:a', 'urn:b', 'urn:c'].map((name) => ({ name, scopes: ['scope2'] })),
    }
    const { requestToken } = await startProvider(t, { resources })

    const response = await requestToken([
      ['grant_type', grant_type],
      ['resource', 'urn:a'],
      ['resource', 'urn:c'],
      ['resource', 'urn:a'],
    ])

    const { access_token, scope } = await response.json()
    assert.equal(scope, 'scope2')
    assert.deepEqual(decodeJwt(access_token).aud, ['urn:a', 'urn:c'])
  })

  it('leaves out an API that insists on being named', async (t) => {
    const { requestToken } = await startProvider(t)

    const { access_token } = await (await requestToken(request)).json()

    assert.equal(decodeJwt(access_token).aud, 'resource1')
  })

  for (const [problem, resource, description] of [
    ['an unknown API', 'urn:nope', 'urn:nope is unknown, or has none of the scopes'],
    ['a name that is no URI', 'resource1', 'resource is not an absolute URI without fragment'],
    ['a relative URI', '/api', 'resource is not an absolute URI without fragment'],
    ['a fragment', 'urn:api2#x', 'resource is not an absolute URI without fragment'],
    ['an empty fragment', 'urn:api2#', 'resource is not an absolute URI without fragment'],
    [
      '513 characters',
      `urn:${'a'.repeat(509)}`,
      'resource is not an absolute URI without fragment',
    ],
  ] as const)
    it(`refuses ${problem}`, async (t) => {
      const { requestToken } = await startProvider(t)

      const response = await requestToken({ ...request, resource })

      assert.equal(response.status, 400)
      assert.deepEqual(await response.json(), {
        error: 'invalid_target',
        error_description: description,
      })
    })

  it('refuses an API that has none of the scopes asked for', async (t) => {
    const { requestToken } = await startProvider(t)

    const response = await requestToken({ grant_type, scope: 'scope1', resource: 'urn:api2' })

    assert.equal((await response.json()).error, 'invalid_target')
  })

  it('refuses all when one of several is unknown', async (t) => {
    const { requestToken } = await startProvider(t)

    const response = await requestToken([
      ['grant_type', grant_type],
      ['resource', 'urn:api2'],
      ['resource', 'urn:nope'],
    ])

    assert.equal((await response.json()).error, 'invalid_target')
  })
})
