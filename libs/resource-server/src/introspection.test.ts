import assert from 'node:assert/strict'
import type { RequestListener, ServerResponse } from 'node:http'
import { describe, it, type TestContext } from 'node:test'

import { type FakeIssuer, startIssuer, startTime } from '../test-support/fake-issuer.ts'
import { startApi } from '../test-support/start-api.ts'
import type { IntrospectionOptions } from './introspection.ts'

const introspection = { clientId: 'api1', clientSecret: 'se:cret %' }

/** An issuer that knows one reference token, `reference`, and an API that may ask it. */
async function start(t: TestContext, options: Partial<IntrospectionOptions> = {}) {
  const issuer = await startIssuer(t)
  issuer.introspection.set('reference', answer(issuer))
  const api = await startApi(t, {
    issuer: issuer.url,
    audience: 'api1',
    introspection: { ...introspection, ...options },
    timeoutSeconds: 1,
  })
  /** Sets what introspection does, and leaves discovery as it is. */
  const introspectInstead = async (instead: RequestListener) => {
    await api.call('unknown')
    issuer.instead = instead
  }
  return { issuer, introspectInstead, ...api }
}

function answer(issuer: FakeIssuer): Record<string, unknown> {
  return {
    active: true,
    iss: issuer.url,
    aud: ['api1', `${issuer.url}/resources`],
    client_id: 'client1',
    scope: 'scope1',
    exp: startTime + 3600,
  }
}

describe('introspection', () => {
  it('lets an active token in, with what the issuer says of it', async (t) => {
    const { issuer, call } = await start(t)

    const response = await call('reference')

    assert.equal(response.status, 200)
    assert.deepEqual(await response.json(), answer(issuer))
    assert.equal((await call('reference', '/scope1')).status, 200)
  })

  it('asks as the API resource, in the form of RFC 7662', async (t) => {
    const { issuer, call } = await start(t)

    await call('reference')

    assert.deepEqual(issuer.requests.at(-1), {
      line: 'POST /introspect',
      authorization: `Basic ${btoa('api1:se%3Acret+%25')}`,
      body: 'token=reference&token_type_hint=access_token',
    })
  })

  it('is not asked about a JWT, which the same route accepts', async (t) => {
    const { issuer, call } = await start(t)

    assert.equal((await call(await issuer.sign())).status, 200)
    assert.equal((await call(await issuer.sign({ aud: 'api2' }))).status, 401)
    assert.equal(issuer.count('POST /introspect'), 0)
  })

  for (const [what, token] of [
    ["of Ory Hydra, 'ory_at_….…'", 'ory_at_Tm9wZQ.c2lnbmF0dXJl'],
    ['in three parts that is no JWT', 'e30x.e30.c2lnbmF0dXJl'],
    ['whose first part is a list', 'W10.e30.c2lnbmF0dXJl'],
    ['whose first part is null', 'bnVsbA.e30.c2lnbmF0dXJl'],
    ['that is encrypted, in five parts', 'e30.e30.e30.e30.e30'],
    ['in two parts', 'e30.e30'],
  ] as const)
    it(`is asked about a token ${what}`, async (t) => {
      const { issuer, call } = await start(t)
      issuer.introspection.set(token, answer(issuer))

      assert.equal((await call(token)).status, 200)
      assert.equal((await call(`${token}x`)).status, 401)
      assert.equal(issuer.count('POST /introspect'), 2)
    })

  it('is not asked about a JWT that is forged', async (t) => {
    const { issuer, call } = await start(t)

    for (const token of ['e30.e30.', 'e30.e30.e30', `${await issuer.sign()}x`])
      assert.equal((await call(token)).status, 401)
    assert.equal(issuer.count('POST /introspect'), 0)
  })

  const refusals = [
    { what: 'is not active', change: { active: false }, says: /not active/ },
    { what: 'is "true", which is not true', change: { active: 'true' }, says: /not active/ },
    { what: 'is from another issuer', change: { iss: 'https://other' }, says: /another issuer/ },
    { what: 'is not for this API', change: { aud: ['api2'] }, says: /not for this API/ },
    { what: 'is for nobody', change: { aud: undefined }, says: /not for this API/ },
    { what: 'expired 60 s ago', change: { exp: startTime - 60 }, says: /has expired/ },
    { what: 'is not valid for 61 s', change: { nbf: startTime + 61 }, says: /not valid yet/ },
    { what: 'is a DPoP token', change: { token_type: 'DPoP' }, says: /not a bearer token/ },
    { what: 'is bound to a key', change: { cnf: { jkt: 'x' } }, says: /bound to a key/ },
    { what: 'has text for an expiry', change: { exp: 'never' }, says: /exp is not of its type/ },
  ]
  for (const { what, change, says } of refusals)
    it(`refuses a token that ${what}`, async (t) => {
      const { issuer, call } = await start(t)
      issuer.introspection.set('reference', { ...answer(issuer), ...change })

      const response = await call('reference')

      assert.equal(response.status, 401)
      const challenge = response.headers.get('www-authenticate') ?? ''
      assert.match(challenge, /^Bearer realm="api1", error="invalid_token", error_description="/)
      assert.match(challenge, says)
    })

  const acceptances = [
    { what: 'one audience', change: { aud: 'api1' } },
    { what: 'nothing said of issuer and expiry', change: { iss: undefined, exp: undefined } },
    { what: 'a token_type in any case', change: { token_type: 'bearer' } },
    { what: 'clocks 60 s apart', change: { exp: startTime - 59, nbf: startTime + 60 } },
  ]
  for (const { what, change } of acceptances)
    it(`accepts ${what}`, async (t) => {
      const { issuer, call } = await start(t)
      issuer.introspection.set('reference', { ...answer(issuer), ...change })

      assert.equal((await call('reference')).status, 200)
    })

  it('refuses a revoked token on the next call', async (t) => {
    const { issuer, call } = await start(t)

    assert.equal((await call('reference')).status, 200)
    issuer.introspection.delete('reference')
    assert.equal((await call('reference')).status, 401)
  })

  it('is asked for each of two simultaneous requests', async (t) => {
    const { issuer, introspectInstead, call } = await start(t)
    const held: ServerResponse[] = []
    await introspectInstead((_req, res) => {
      held.push(res)
      if (held.length === 2) for (const each of held) each.end(JSON.stringify(answer(issuer)))
    })

    const responses = await Promise.all([call('reference'), call('reference')])

    assert.deepEqual(
      responses.map(({ status }) => status),
      [200, 200],
    )
  })

  const failures: { what: string; instead: RequestListener; says: RegExp }[] = [
    { what: 'drops the connection', instead: (_req, res) => res.destroy(), says: /closed/ },
    { what: 'does not answer', instead: () => {}, says: /timeout/ },
    { what: 'fails', instead: (_req, res) => res.writeHead(500).end(), says: /status 500/ },
    { what: 'answers with a page', instead: (_req, res) => res.end('<p>'), says: /not send JSON/ },
    {
      what: 'sends elsewhere',
      instead: (_req, res) => res.writeHead(307, { Location: '/x' }).end(),
      says: /status 307/,
    },
  ]
  for (const { what, instead, says } of failures)
    it(`answers 503 when the issuer ${what}, and recovers`, async (t) => {
      const { issuer, introspectInstead, call, reported } = await start(t)
      await introspectInstead(instead)

      const response = await call('reference')

      assert.equal(response.status, 503)
      assert.equal(response.headers.get('retry-after'), '1')
      assert.equal(response.headers.get('www-authenticate'), null)
      assert.match(reported[0]?.message ?? '', /^Cannot introspect at http.*introspect: /)
      assert.match(reported[0]?.message ?? '', says)
      issuer.instead = undefined
      assert.equal((await call('reference')).status, 200)
    })

  it('tells the operator, not the caller, that the API secret is wrong', async (t) => {
    const { call, reported } = await start(t, { clientSecret: 'wrong' })

    const response = await call('reference')

    assert.equal(response.status, 503)
    assert.equal(response.headers.get('retry-after'), '30')
    assert.equal(response.headers.get('www-authenticate'), null)
    assert.match(reported[0]?.message ?? '', /^Configuration problem: .* refuses this API's id or/)
    assert.doesNotMatch(reported[0]?.message ?? '', /wrong|reference/)
  })

  it('tells the operator that the issuer offers no introspection', async (t) => {
    const { issuer, call, reported } = await start(t)
    delete issuer.discovery.introspection_endpoint

    assert.equal((await call('reference')).status, 503)
    assert.match(reported[0]?.message ?? '', /^Configuration problem: .* no introspection endpoint/)
  })

  it('is asked once in cacheSeconds when the API says so', async (t) => {
    const { issuer, call, clock } = await start(t, { cacheSeconds: 60 })

    await call('reference')
    issuer.introspection.delete('reference')
    clock.now += 59
    assert.equal((await call('reference')).status, 200)
    clock.now += 1
    assert.equal((await call('reference')).status, 401)
  })
})
