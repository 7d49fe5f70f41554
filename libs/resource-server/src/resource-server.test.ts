import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { describe, it } from 'node:test'

import { startIssuer, startTime } from '../test-support/fake-issuer.ts'
import { startApi } from '../test-support/start-api.ts'
import { resourceServer } from './resource-server.ts'

describe('resourceServer', () => {
  it('asks a request without a token for one, without an error code', async (t) => {
    const issuer = await startIssuer(t)
    const { call } = await startApi(t, { issuer: issuer.url })

    const response = await call()

    assert.equal(response.status, 401)
    assert.equal(response.headers.get('www-authenticate'), `Bearer realm="${issuer.url}"`)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.equal(await response.text(), '')
    assert.deepEqual(issuer.requests, [], 'the issuer was bothered')
  })

  it('asks the same of a request with other credentials', async (t) => {
    const issuer = await startIssuer(t)
    const { callWith } = await startApi(t, { issuer: issuer.url })

    const response = await callWith({ Authorization: 'Basic YTpi' })

    assert.equal(response.status, 401)
    assert.equal(response.headers.get('www-authenticate'), `Bearer realm="${issuer.url}"`)
  })

  for (const [what, options] of [
    ['its audience', { audience: 'api1' }],
    ['what it is told to, rather than its audience,', { audience: 'api2', realm: 'api1' }],
  ] as const)
    it(`names ${what} as its realm`, async (t) => {
      const issuer = await startIssuer(t)
      const { call } = await startApi(t, { issuer: issuer.url, ...options })

      const response = await call()

      assert.equal(response.headers.get('www-authenticate'), 'Bearer realm="api1"')
    })

  it('lets a valid token in, and gives its claims to the route', async (t) => {
    const issuer = await startIssuer(t)
    const { callWith } = await startApi(t, { issuer: issuer.url })

    const response = await callWith({ Authorization: `bearer ${await issuer.sign()}` })

    assert.equal(response.status, 200)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.deepEqual(await response.json(), {
      iss: issuer.url,
      sub: 'client1',
      client_id: 'client1',
      aud: ['api1', `${issuer.url}/resources`],
      scope: 'scope1 scope3',
      iat: startTime,
      exp: startTime + 3600,
      jti: 'jti1',
    })
  })

  for (const authorization of ['Bearer', 'Bearer a b', 'Bearer a,b', 'Bearer {}'])
    it(`refuses "Authorization: ${authorization}" as malformed`, async (t) => {
      const issuer = await startIssuer(t)
      const { callWith } = await startApi(t, { issuer: issuer.url })

      const response = await callWith({ Authorization: authorization })

      assert.equal(response.status, 401)
      assert.equal(
        response.headers.get('www-authenticate'),
        `Bearer realm="${issuer.url}", error="invalid_token", ` +
          'error_description="the Bearer credentials are not a well-formed token"',
      )
      assert.equal(await response.text(), '')
    })

  for (const [what, other] of [
    ['two', 'Bearer other'],
    ['twice the same', undefined],
    ['one of another scheme and one', 'Basic YTpi'],
  ] as const)
    it(`refuses ${what} Authorization headers as an invalid request`, async (t) => {
      const issuer = await startIssuer(t)
      const { url } = await startApi(t, { issuer: issuer.url })
      const good = `Bearer ${await issuer.sign()}`
      const twice = [good, other ?? good]

      for (const authorization of [twice, twice.toReversed()]) {
        const asked = request(`${url}/identity`, {
          headers: { Authorization: authorization },
        }).end()
        const [response] = (await once(asked, 'response')) as [IncomingMessage]
        response.resume()

        assert.equal(response.statusCode, 400)
        assert.equal(
          response.headers['www-authenticate'],
          `Bearer realm="${issuer.url}", error="invalid_request", ` +
            'error_description="there are two Authorization headers"',
        )
      }
    })

  it('lets a token in that has the scope of the route', async (t) => {
    const issuer = await startIssuer(t)
    const { call } = await startApi(t, { issuer: issuer.url })

    assert.equal((await call(await issuer.sign(), '/scope1')).status, 200)
  })

  it('reads a scope claim that is an array', async (t) => {
    const issuer = await startIssuer(t)
    const { call } = await startApi(t, { issuer: issuer.url })
    const token = await issuer.sign({ scope: ['scope1', 'scope2'] })

    assert.equal((await call(token, '/scope2')).status, 200)
  })

  it('refuses a token that lacks a scope of the route with 403, and says which are needed', async (t) => {
    const issuer = await startIssuer(t)
    const { call } = await startApi(t, { issuer: issuer.url })

    const response = await call(await issuer.sign({ scope: 'scope1' }), '/scope2')

    assert.equal(response.status, 403)
    assert.equal(
      response.headers.get('www-authenticate'),
      `Bearer realm="${issuer.url}", error="insufficient_scope", ` +
        'error_description="the token lacks the scope for this", scope="scope1 scope2"',
    )
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.equal(await response.text(), '')
  })

  it('does not take a scope for its beginning', async (t) => {
    const issuer = await startIssuer(t)
    const { call } = await startApi(t, { issuer: issuer.url })

    assert.equal((await call(await issuer.sign({ scope: 'scope10' }), '/scope1')).status, 403)
  })

  it('requires a token where a scope is required', async (t) => {
    const issuer = await startIssuer(t)
    const { call } = await startApi(t, { issuer: issuer.url })

    assert.equal((await call(undefined, '/scope1')).status, 401)
    assert.equal((await call('forged', '/scope1')).status, 401)
  })

  it('refuses a token that is not a JWT when it may not ask the issuer', async (t) => {
    const issuer = await startIssuer(t)
    issuer.introspection.set('reference', { active: true })
    const { call } = await startApi(t, { issuer: issuer.url })

    const response = await call('reference')

    assert.equal(response.status, 401)
    assert.match(response.headers.get('www-authenticate') ?? '', /error="invalid_token"/)
    assert.equal(issuer.count('POST /introspect'), 0)
  })

  for (const issuer of ['', 'localhost:5001', 'ftp://localhost', 'https://'])
    it(`does not start with ${JSON.stringify(issuer)} as its issuer`, () => {
      assert.throws(() => resourceServer({ issuer }), /issuer must be an http or https URL/)
    })
})
