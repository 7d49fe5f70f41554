import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { decodeJwt, generateKeyPair } from 'jose'
import { ClientSecretBasic, PrivateKeyJwt } from 'openid-client'

import { collectEvents } from '../../test-support/collect-events.ts'
import { createTokenResponse, startTokenService } from '../../test-support/start-token-service.ts'
import {
  clientCredentialsTokens,
  type TokenManagementOptions,
} from './client-credentials-tokens.ts'

/** Tokens of the client `worker`, with a clock that the test moves. */
async function startWorker(t: TestContext, options: TokenManagementOptions = {}) {
  const service = await startTokenService(t)
  const clock = { now: 1_000_000 }
  const worker = {
    issuer: service.issuer,
    clientId: 'worker-id',
    clientAuthentication: ClientSecretBasic('secret'),
    scope: 'scope1',
  }
  const other = { ...worker, clientId: 'other-id' }
  const tokens = clientCredentialsTokens(
    { worker, other },
    { now: () => clock.now, pauseAfter: () => 0.001, ...options },
  )
  return { service, clock, worker, tokens }
}

async function read(token: Promise<{ readonly access_token: string }>) {
  return (await token).access_token
}

describe('token request', () => {
  it('carries the secret in the header, and scope and resource in the form', async (t) => {
    const { service, clock, tokens } = await startWorker(t)

    const token = await tokens.get('worker', { resource: 'urn:api' })

    assert.deepEqual(token, {
      access_token: 'token-1',
      requested_at: clock.now,
      expires_at: clock.now + 3600,
    })
    assert.deepEqual(service.requests, [
      {
        authorization: `Basic ${btoa('worker%2Did:secret')}`,
        parameters: { grant_type: 'client_credentials', scope: 'scope1', resource: 'urn:api' },
      },
    ])
  })

  it('is signed in place of a secret, anew for each attempt', async (t) => {
    const { service, worker } = await startWorker(t)
    const { privateKey } = await generateKeyPair('ES256')
    service.answer = (count) =>
      count === 1 ? { status: 503, body: {} } : { body: createTokenResponse('token') }
    const tokens = clientCredentialsTokens(
      { worker: { ...worker, clientAuthentication: PrivateKeyJwt(privateKey) } },
      { pauseAfter: () => 0.001 },
    )

    await tokens.get('worker')

    assert.equal(service.requests[0]?.authorization, undefined)
    const assertions = service.requests.map(({ parameters }) =>
      decodeJwt(parameters.client_assertion ?? ''),
    )
    assert.equal(assertions[0]?.iss, 'worker-id')
    assert.notEqual(assertions[0]?.jti, assertions[1]?.jti)
  })

  it('counts the lifetime from when it is sent, not from when it is answered', async (t) => {
    const { service, clock, tokens } = await startWorker(t)
    const sent = clock.now
    service.answer = () => {
      clock.now += 7
      return { body: createTokenResponse('token', 100) }
    }

    assert.equal((await tokens.get('worker')).expires_at, sent + 100)
  })

  it('does not go over http when the issuer is https', async (t) => {
    const { worker } = await startWorker(t)
    const issuer = 'https://issuer.example'
    const sent = t.mock.method(globalThis, 'fetch', async () =>
      Response.json({ issuer, token_endpoint: 'http://issuer.example/token' }),
    )
    const tokens = clientCredentialsTokens(
      { worker: { ...worker, issuer } },
      { pauseAfter: () => 0 },
    )

    await assert.rejects(tokens.get('worker'), /only requests to HTTPS are allowed/)
    const urls = sent.mock.calls.map(({ arguments: [url] }: { arguments: unknown[] }) => url)
    assert.deepEqual(urls, [`${issuer}/.well-known/openid-configuration`])
  })

  it('needs a client that has a name, and an issuer that is a URL', async (t) => {
    const { worker, tokens } = await startWorker(t)

    await assert.rejects(tokens.get('toString' as 'worker'), /no client is named "toString"/)
    const relative = { worker: { ...worker, issuer: 'issuer' } }
    assert.throws(() => clientCredentialsTokens(relative), /Invalid URL/)
  })
})

describe('token', () => {
  it('is requested once by 50 concurrent calls, and then reused', async (t) => {
    const { service, tokens } = await startWorker(t)

    const all = await Promise.all(Array.from({ length: 50 }, () => read(tokens.get('worker'))))
    all.push(await read(tokens.get('worker')))

    assert.deepEqual(new Set(all), new Set(['token-1']))
    assert.equal(service.requests.length, 1)
    assert.equal(service.discoveries, 1)
  })

  it('is kept apart by client, scope and resource', async (t) => {
    const { service, tokens } = await startWorker(t)
    const readAll = () =>
      Promise.all([
        read(tokens.get('worker')),
        read(tokens.get('other')),
        read(tokens.get('worker', { scope: 'scope2' })),
        read(tokens.get('worker', { resource: 'urn:api1' })),
        read(tokens.get('worker', { resource: 'urn:api2' })),
        read(tokens.get('worker', { scope: 'scope1 resource', resource: 'urn:api1' })),
      ])

    const first = await readAll()

    assert.equal(new Set(first).size, 6)
    assert.deepEqual(await readAll(), first)
    assert.equal(service.requests.length, 6)
    assert.equal(service.discoveries, 2)
  })

  it('is the same for the same scope in another order', async (t) => {
    const { service, tokens } = await startWorker(t)

    await tokens.get('worker', { scope: 'b a' })
    await tokens.get('worker', { scope: 'a  b a' })

    assert.equal(service.requests.length, 1)
  })

  it('is renewed 60 s before it expires', async (t) => {
    const { clock, tokens } = await startWorker(t)
    await tokens.get('worker')

    clock.now += 3539
    assert.equal(await read(tokens.get('worker')), 'token-1')
    clock.now += 1
    assert.equal(await read(tokens.get('worker')), 'token-2')
  })

  it('is renewed as long before it expires as configured', async (t) => {
    const { clock, tokens } = await startWorker(t, { renewBefore: 600 })
    await tokens.get('worker')

    clock.now += 3000
    assert.equal(await read(tokens.get('worker')), 'token-2')
  })

  it('is taken to live 5 minutes, or as configured, when the service does not say', async (t) => {
    for (const options of [{}, { assumedLifetime: 100 }]) {
      const { service, clock, tokens } = await startWorker(t, options)
      service.answer = () => ({ body: { access_token: 'token', token_type: 'Bearer' } })
      const { expires_at } = await tokens.get('worker')
      assert.equal(expires_at - clock.now, options.assumedLifetime ?? 300)
    }
  })

  it('is new when that is forced, and then used by all', async (t) => {
    const { service, tokens } = await startWorker(t)
    await tokens.get('worker')

    assert.equal(await read(tokens.get('worker', { forceRenewal: true })), 'token-2')
    assert.equal(await read(tokens.get('worker')), 'token-2')
    assert.equal(service.requests.length, 2)
  })

  it('is forgotten once dead, when another target is asked for', async (t) => {
    const { clock, tokens } = await startWorker(t)
    const events = collectEvents(t, 'worker')
    const names = () => events.splice(0).map(([event]) => event)
    await Promise.all([tokens.get('worker', { scope: 'a' }), tokens.get('worker', { scope: 'b' })])
    await tokens.get('worker', { scope: 'a' })
    assert.deepEqual(names(), ['requested', 'requested', 'obtained', 'obtained', 'reused'])

    clock.now += 3601
    await tokens.get('worker', { scope: 'b' })
    assert.deepEqual(names(), ['requested', 'renewed'])
    await tokens.get('worker', { scope: 'c' })
    await tokens.get('worker', { scope: 'a' })
    assert.deepEqual(names(), ['requested', 'obtained', 'requested', 'obtained'])
  })
})

describe('token events', () => {
  it('tell what happened and how long the token is good for, never the token', async (t) => {
    const { service, clock, tokens } = await startWorker(t)
    const events = collectEvents(t, 'worker')
    const subject = { client: 'worker', scope: 'scope1', resource: 'urn:api' }
    const get = () => tokens.get('worker', { resource: 'urn:api' })

    await get()
    clock.now += 10.6
    await get()
    clock.now = 1_000_000 + 3540
    service.down = true
    await get()
    service.down = false
    clock.now += 1
    await get()

    const reason = `no token for "worker" from ${service.issuer}: HTTP status 503`
    assert.deepEqual(events, [
      ['requested', { ...subject, attempt: 1 }],
      ['obtained', { ...subject, expires_in: 3600 }],
      ['reused', { ...subject, expires_in: 3589, from: 'memory' }],
      ['requested', { ...subject, attempt: 1 }],
      ['failed', { ...subject, error: reason, retry_in: 0.001 }],
      ['reused', { ...subject, expires_in: 60, from: 'memory' }],
      ['requested', { ...subject, attempt: 1 }],
      ['renewed', { ...subject, expires_in: 3600 }],
    ])
    assert.doesNotMatch(JSON.stringify(events), /token-\d/)
  })
})
