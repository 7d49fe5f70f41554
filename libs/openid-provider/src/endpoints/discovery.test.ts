import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { memoryKeys } from '../../test-support/memory-keys.ts'
import { resources } from '../../test-support/registrations.ts'
import { sendBytes } from '../../test-support/send-bytes.ts'
import { startProvider } from '../../test-support/start-provider.ts'
import { readConfiguration } from '../configuration.ts'
import { openKeyRing } from '../keys/key-ring.ts'
import { inMemoryClients } from '../stores/memory/in-memory-clients.ts'
import { inMemoryResources } from '../stores/memory/in-memory-resources.ts'
import { discoveryEndpoint } from './discovery.ts'

const discovery = '/.well-known/openid-configuration'
const signingAlgorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]
const implicit = new Set(['implicit'])
const methods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt']

describe('discovery', () => {
  for (const path of [discovery, '/.well-known/oauth-authorization-server'])
    it(`describes what a machine can use, at ${path}`, async (t) => {
      const { issuer, request } = await startProvider(t)

      const response = await request(path)

      const document = await response.json()
      const ofMachines = Object.entries(document).filter(([name]) =>
        /^(issuer|jwks_uri|(token|revocation|introspection)_.*)$/.test(name),
      )
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('content-type'), 'application/json')
      assert.equal(response.headers.get('cache-control'), 'public, max-age=300')
      assert.deepEqual(Object.fromEntries(ofMachines), {
        issuer,
        jwks_uri: `${issuer}/.well-known/openid-configuration/jwks`,
        token_endpoint: `${issuer}/connect/token`,
        token_endpoint_auth_methods_supported: [...methods, 'none'],
        token_endpoint_auth_signing_alg_values_supported: signingAlgorithms,
        revocation_endpoint: `${issuer}/connect/revocation`,
        revocation_endpoint_auth_methods_supported: [...methods, 'none'],
        revocation_endpoint_auth_signing_alg_values_supported: signingAlgorithms,
        introspection_endpoint: `${issuer}/connect/introspect`,
        introspection_endpoint_auth_methods_supported: methods,
        introspection_endpoint_auth_signing_alg_values_supported: signingAlgorithms,
        introspection_signing_alg_values_supported: ['RS256'],
      })
    })

  it('describes how clients learn that a session has ended', async (t) => {
    const { issuer, request } = await startProvider(t)

    const document = await (await request(discovery)).json()

    assert.equal(document.end_session_endpoint, `${issuer}/connect/endsession`)
    assert.equal(document.check_session_iframe, `${issuer}/connect/checksession`)
    assert.equal(document.frontchannel_logout_supported, true)
    assert.equal(document.frontchannel_logout_session_supported, true)
  })

  it('says the same at both addresses', async (t) => {
    const { request } = await startProvider(t)

    assert.deepEqual(
      await (await request(discovery)).json(),
      await (await request('/.well-known/oauth-authorization-server')).json(),
    )
  })

  it('names no endpoint that is not there', async (t) => {
    const { issuer, request } = await startProvider(t)

    const document = await (await request(discovery)).json()

    const endpoints = Object.entries(document).filter(([name]) =>
      /_(endpoint|uri|iframe)$/.test(name),
    )
    assert.ok(endpoints.length >= 4)
    for (const [name, url] of endpoints) {
      const { status } = await request(String(url).replace(issuer, ''), { redirect: 'manual' })
      assert.notEqual(status, 404, name)
    }
  })

  it('names no grant type that the token endpoint does not know', async (t) => {
    const { request, requestToken } = await startProvider(t)

    const { grant_types_supported } = await (await request(discovery)).json()

    assert.ok((grant_types_supported as string[]).includes('client_credentials'))
    // The implicit flow ends before it: its tokens come from the authorization endpoint.
    for (const grant_type of new Set(grant_types_supported as string[]).difference(implicit)) {
      const { error } = await (await requestToken({ grant_type })).json()
      assert.notEqual(error, 'unsupported_grant_type', grant_type)
    }
  })

  it('names all that the authorization endpoint returns, and how', async (t) => {
    const { request } = await startProvider(t)

    const document = await (await request(discovery)).json()

    assert.deepEqual(document.response_types_supported, [
      'code',
      ...['id_token', 'id_token token', 'token'],
      ...['code id_token', 'code token', 'code id_token token'],
    ])
    assert.deepEqual(document.response_modes_supported, ['query', 'fragment', 'form_post'])
    assert.deepEqual(document.grant_types_supported, [
      ...['authorization_code', 'client_credentials', 'refresh_token', 'implicit'],
    ])
  })

  it('says that clients can protect the code with PKCE, and know the issuer of a response', async (t) => {
    const { request } = await startProvider(t)

    const metadata = await (await request(discovery)).json()

    assert.deepEqual(metadata.code_challenge_methods_supported, ['S256'])
    assert.equal(metadata.authorization_response_iss_parameter_supported, true)
  })

  it('says that clients are told of logouts over the back channel, with the session', async (t) => {
    const { request } = await startProvider(t)

    const metadata = await (await request(discovery)).json()

    assert.equal(metadata.backchannel_logout_supported, true)
    assert.equal(metadata.backchannel_logout_session_supported, true)
  })

  it('names the scopes that are enabled and not hidden', async (t) => {
    const apiScopes = [
      { name: 'shown' },
      { name: 'hidden', showInDiscoveryDocument: false },
      { name: 'disabled', enabled: false },
    ]
    const { request } = await startProvider(t, {
      resources: { ...resources, apiScopes, apiResources: [] },
    })

    const { scopes_supported } = await (await request(discovery)).json()

    const scopes = (scopes_supported as string[]).filter((name) =>
      /shown|hidden|disabled/.test(name),
    )
    assert.deepEqual(scopes, ['shown'])
  })

  for (const path of [discovery, `${discovery}/jwks`])
    it(`answers HEAD without a body and refuses other methods at ${path}`, async (t) => {
      const { request } = await startProvider(t)

      const get = await request(path)
      const head = await request(path, { method: 'HEAD' })
      const post = await request(path, { method: 'POST' })

      assert.deepEqual([head.status, await head.text()], [200, ''])
      assert.equal(head.headers.get('content-length'), String((await get.text()).length))
      assert.deepEqual([post.status, await post.text()], [405, ''])
      assert.equal(post.headers.get('allow'), 'GET, HEAD')
    })

  it('is found whatever the case of the path, and not below it', async (t) => {
    const { request } = await startProvider(t)

    assert.equal((await request(discovery.toUpperCase())).status, 200)
    assert.equal((await request(`${discovery}/`)).status, 404)
    assert.equal((await request(`${discovery}/x`)).status, 404)
  })
})

describe('discovery, when the issuer is taken from the request', () => {
  it('is the address that was asked', async (t) => {
    const { issuer, request } = await startProvider(t, { fixedIssuer: false })

    const { issuer: found, jwks_uri } = await (await request(discovery)).json()

    assert.deepEqual([found, jwks_uri], [issuer, `${issuer}${discovery}/jwks`])
  })

  it('includes the path the routes are mounted at', async (t) => {
    const { issuer, request } = await startProvider(t, { fixedIssuer: false, basePath: '/tenant' })

    const { issuer: found, token_endpoint } = await (await request(discovery)).json()

    assert.match(issuer, /\/tenant$/)
    assert.deepEqual([found, token_endpoint], [issuer, `${issuer}/connect/token`])
  })

  it('is the same in a token', async (t) => {
    const { introspect, issuer, requestToken } = await startProvider(t, { fixedIssuer: false })
    const { access_token } = await (await requestToken({ grant_type: 'client_credentials' })).json()

    assert.equal((await (await introspect(access_token)).json()).iss, issuer)
  })

  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'login.example' }

  it('is what a trusted proxy was asked', async (t) => {
    const { request } = await startProvider(t, { fixedIssuer: false, trustProxy: 1 })

    const { issuer } = await (await request(discovery, { headers: forwarded })).json()

    assert.equal(issuer, 'https://login.example')
  })

  it('is not what somebody who is no trusted proxy says', async (t) => {
    const { issuer, request } = await startProvider(t, { fixedIssuer: false })

    const { issuer: found } = await (await request(discovery, { headers: forwarded })).json()

    assert.equal(found, issuer)
  })

  for (const [host, issuer] of [
    ['LOGIN.example:80', 'http://login.example'],
    ['LOGIN_1.example:8080', 'http://login_1.example:8080'],
    ['login.example:', 'http://login.example'],
    ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['[::1]:8080', 'http://[::1]:8080'],
    ['', 'http://localhost'],
  ] as const)
    it(`is ${issuer} for the Host ${JSON.stringify(host)}`, async (t) => {
      const { port } = await startProvider(t, { fixedIssuer: false })

      const { body } = await sendBytes(
        port,
        `GET ${discovery} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      )

      assert.equal(JSON.parse(body).issuer, issuer)
    })

  it('is the configured one, whatever the Host', async (t) => {
    const { issuer, port } = await startProvider(t, { trustProxy: 1 })

    const { body } = await sendBytes(
      port,
      `GET ${discovery} HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n`,
    )

    assert.equal(body.includes('evil.example'), false)
    assert.equal(JSON.parse(body).issuer, issuer)
  })

  it('fills no memory with what hosts strangers make up', async () => {
    const host = readConfiguration({
      clients: inMemoryClients([]),
      resources: inMemoryResources(resources),
      keys: await openKeyRing({ store: memoryKeys() }),
    })
    const read = (issuer: string) => discoveryEndpoint(host.at(() => issuer))
    const first = await read('https://0.example')
    for (let n = 1; n < 1_000; n++) await read(`https://${n}.example`)

    assert.equal(await read('https://0.example'), first, 'a document is made once')
    assert.notEqual(await read('https://999.example'), await read('https://999.example'))
  })

  it('is right for each of many hosts', async (t) => {
    const { port } = await startProvider(t, { fixedIssuer: false })

    for (let n = 0; n < 120; n++) {
      const { body } = await sendBytes(
        port,
        `GET ${discovery} HTTP/1.1\r\nHost: h${n % 110}.example\r\nConnection: close\r\n\r\n`,
      )
      assert.equal(JSON.parse(body).issuer, `http://h${n % 110}.example`)
    }
  })
})
