import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import {
  createSigningKey,
  type FakeIssuer,
  startIssuer,
  startTime,
} from '../test-support/fake-issuer.ts'
import { nobodyListening } from '../test-support/listening.ts'
import { startApi } from '../test-support/start-api.ts'
import { IssuerUnavailable } from './issuer-unavailable.ts'

const discovery = 'GET /.well-known/openid-configuration'
const jwks = 'GET /jwks'
const introspection = { clientId: 'api1', clientSecret: 'se:cret %' }

describe("the issuer's documents", () => {
  it('are fetched once for many requests', async (t) => {
    const issuer = await startIssuer(t)
    const { call } = await startApi(t, { issuer: issuer.url })
    const token = await issuer.sign()

    const responses = await Promise.all(Array.from({ length: 20 }, () => call(token)))

    assert.deepEqual(new Set(responses.map(({ status }) => status)), new Set([200]))
    assert.deepEqual([issuer.count(discovery), issuer.count(jwks)], [1, 1])
  })

  it('are fetched again for a key made since, once for many requests', async (t) => {
    const issuer = await startIssuer(t)
    const { call, clock } = await startApi(t, { issuer: issuer.url })
    await call(await issuer.sign())
    const key = await createSigningKey('second')
    issuer.keys.push(key)
    const token = await issuer.sign({}, {}, key)

    clock.now += 30
    const responses = await Promise.all(Array.from({ length: 20 }, () => call(token)))

    assert.deepEqual(new Set(responses.map(({ status }) => status)), new Set([200]))
    assert.equal(issuer.count(jwks), 2)
  })

  it('are fetched for unknown keys at most every 30 s', async (t) => {
    const issuer = await startIssuer(t)
    const { call, clock } = await startApi(t, { issuer: issuer.url })
    await call(await issuer.sign())
    const token = await issuer.sign({}, {}, await createSigningKey('unknown'))

    clock.now += 29
    const response = await call(token)
    assert.equal(issuer.count(jwks), 1)
    clock.now += 1
    await call(token)
    await call(token)
    assert.equal(issuer.count(jwks), 2)

    assert.equal(response.status, 401)
    assert.equal(
      response.headers.get('www-authenticate'),
      `Bearer realm="${issuer.url}", error="invalid_token", ` +
        'error_description="the token is not signed with a key of the issuer"',
    )
  })

  it('are renewed after 10 minutes, so that a withdrawn key is forgotten', async (t) => {
    const issuer = await startIssuer(t)
    const { call, clock } = await startApi(t, { issuer: issuer.url })
    const token = await issuer.sign()
    const unknown = await issuer.sign({}, {}, await createSigningKey('unknown'))
    await call(token)
    issuer.keys.splice(0, 1, await createSigningKey('second'))

    clock.now += 599
    await call(token)
    assert.deepEqual([issuer.count(discovery), issuer.count(jwks)], [1, 1])
    clock.now += 1
    assert.equal((await call(token)).status, 200, 'it was not served while it was renewed')
    // Whoever misses a key waits for the renewal that is under way.
    await call(unknown)
    assert.equal((await call(token)).status, 401)
    assert.equal(issuer.count(jwks), 2)
  })

  it('are renewed before the first request after 20 minutes is answered', async (t) => {
    const issuer = await startIssuer(t)
    const { call, clock } = await startApi(t, { issuer: issuer.url })
    const token = await issuer.sign()
    await call(token)
    issuer.keys.splice(0, 1, await createSigningKey('second'))

    clock.now += 1200

    assert.equal((await call(token)).status, 401)
  })

  it('are not waited for when they are due and the issuer hangs', {
    timeout: 30_000,
  }, async (t) => {
    const issuer = await startIssuer(t)
    const options = { issuer: issuer.url, introspection, timeoutSeconds: 60 }
    const { call, clock, ready } = await startApi(t, options)
    const token = await issuer.sign()
    issuer.introspection.set('reference', { active: true })
    await call(token)

    issuer.instead = ({ url }, res) => url === '/introspect' && res.end('{"active":true}')
    clock.now += 1199
    const responses = await Promise.all([
      ...Array.from({ length: 20 }, () => call(token)),
      call('reference'),
    ])
    await ready()
    while (issuer.count(discovery) + issuer.count(jwks) < 4) await call(token)

    assert.deepEqual(new Set(responses.map(({ status }) => status)), new Set([200]))
    assert.deepEqual([issuer.count(discovery), issuer.count(jwks)], [2, 2])
  })

  it('hold when they cannot be renewed, and the operator is told once of each failure', {
    timeout: 30_000,
  }, async (t) => {
    const issuer = await startIssuer(t)
    const { call, clock, reported } = await startApi(t, { issuer: issuer.url })
    const token = await issuer.sign()
    await call(token)

    issuer.instead = (_req, res) => res.destroy()
    clock.now += 600
    while (reported.length < 2) assert.equal((await call(token)).status, 200)
    for (let n = 0; n < 5; n++) await call(token)

    assert.deepEqual(reported.map(({ message }) => message.split(': ')[0]).sort(), [
      `Cannot fetch ${issuer.url}/.well-known/openid-configuration`,
      `Cannot fetch the keys of ${issuer.url}`,
    ])
  })

  it('hold for a day longer at most, or as long as the API says', async (t) => {
    for (const [options, seconds] of [
      [{}, 600 + 24 * 60 * 60],
      [{ staleIfErrorSeconds: 0 }, 600],
    ] as const) {
      const issuer = await startIssuer(t)
      const { call, clock, ready } = await startApi(t, { issuer: issuer.url, ...options })
      const token = await issuer.sign({ exp: startTime + 2 * 24 * 60 * 60 })
      await call(token)
      issuer.instead = (_req, res) => res.destroy()

      clock.now += seconds - 1
      assert.equal((await call(token)).status, 200)
      clock.now += 1
      assert.equal((await call(token)).status, 503)
      await assert.rejects(ready(), IssuerUnavailable)
    }
  })

  it('are fetched when a health check asks, which fails until they are there', async (t) => {
    const issuer = await startIssuer(t)
    const { clock, ready } = await startApi(t, { issuer: issuer.url })

    issuer.instead = (_req, res) => res.destroy()
    await assert.rejects(ready(), IssuerUnavailable)
    issuer.instead = undefined
    await assert.rejects(ready(), IssuerUnavailable, 'it did not back off')
    clock.now += 1
    await ready()
    await ready()

    assert.deepEqual([issuer.count(discovery), issuer.count(jwks)], [2, 1])
  })

  it('answer 503 while they cannot be had, and recover by themselves', async (t) => {
    const issuer = await startIssuer(t)
    const { call, clock, reported } = await startApi(t, { issuer: issuer.url })
    const token = await issuer.sign()

    issuer.instead = (_req, res) => res.destroy()
    const response = await call(token)

    assert.equal(response.status, 503)
    assert.equal(response.headers.get('retry-after'), '1')
    assert.equal(response.headers.get('www-authenticate'), null)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.equal(await response.text(), '')
    assert.match(reported[0]?.message ?? '', /^Cannot fetch http.*openid-configuration: /)

    issuer.instead = undefined
    assert.equal((await call(token)).status, 503, 'it did not back off')
    clock.now += 1
    assert.equal((await call(token)).status, 200)
    assert.equal(reported.length, 1)
  })

  it('are fetched, and a withdrawn key is forgotten, though the clock was set back', async (t) => {
    const issuer = await startIssuer(t)
    const { call, clock, ready } = await startApi(t, { issuer: issuer.url })
    const token = await issuer.sign()
    issuer.instead = (_req, res) => res.destroy()
    await assert.rejects(ready(), IssuerUnavailable)
    issuer.instead = undefined

    clock.now -= 86_400
    assert.equal((await call(token)).status, 200)
    issuer.keys.splice(0, 1, await createSigningKey('second'))
    clock.now -= 86_400
    assert.equal((await call(token)).status, 401)
  })

  it('are not used for longer than they may while the issuer is down, though the clock was set back', async (t) => {
    const issuer = await startIssuer(t)
    const { call, clock } = await startApi(t, { issuer: issuer.url })
    const token = await issuer.sign()
    await call(token)

    issuer.instead = (_req, res) => res.destroy()
    clock.now -= 2 * 86_400
    assert.equal((await call(token)).status, 503)
  })

  it('are fetched for a new key though the clock was set back', async (t) => {
    const issuer = await startIssuer(t)
    const { call, clock } = await startApi(t, { issuer: issuer.url })
    await call(await issuer.sign())
    const key = await createSigningKey('second')
    issuer.keys.push(key)

    clock.now -= 60
    assert.equal((await call(await issuer.sign({}, {}, key))).status, 200)
  })

  it('are tried every second until they were had once, for servers start in any order', async (t) => {
    const issuer = await startIssuer(t)
    const { call, clock } = await startApi(t, { issuer: issuer.url })
    const token = await issuer.sign()

    issuer.instead = (_req, res) => res.destroy()
    for (let attempt = 1; attempt <= 5; attempt++) {
      assert.equal((await call(token)).headers.get('retry-after'), '1')
      assert.equal(issuer.requests.length, attempt)
      clock.now += 1
    }
    issuer.instead = undefined

    assert.equal((await call(token)).status, 200)
  })

  it('are tried again after 1, 2, 4, 8, 16, 30, 30 s', async (t) => {
    const issuer = await startIssuer(t)
    const { call, clock, reported } = await startApi(t, { issuer: issuer.url })
    await call(await issuer.sign())
    const token = await issuer.sign({}, {}, await createSigningKey('unknown'))
    issuer.instead = (_req, res) => res.destroy()
    issuer.requests.length = 0
    clock.now += 30

    const delays: number[] = []
    for (let attempt = 1; attempt <= 7; attempt++) {
      const response = await call(token)
      const delay = Number(response.headers.get('retry-after'))
      clock.now += delay - 0.5
      assert.equal((await call(token)).headers.get('retry-after'), '1')
      assert.equal(issuer.requests.length, attempt)
      clock.now += 0.5
      delays.push(delay)
    }

    assert.deepEqual(delays, [1, 2, 4, 8, 16, 30, 30])
    assert.equal(reported.length, 7)
  })

  it('are tried again after 1 s once more when they could be had in between', async (t) => {
    const issuer = await startIssuer(t)
    const { call, clock } = await startApi(t, { issuer: issuer.url })
    const unknown = await issuer.sign({}, {}, await createSigningKey('unknown'))
    await call(unknown)
    const retryAfter = async (seconds: number, instead: FakeIssuer['instead']) => {
      clock.now += seconds
      issuer.instead = instead
      return (await call(unknown)).headers.get('retry-after')
    }
    const drop: FakeIssuer['instead'] = (_req, res) => res.destroy()

    assert.equal(await retryAfter(30, drop), '1')
    assert.equal(await retryAfter(1, drop), '2')
    assert.equal(await retryAfter(2, undefined), null)
    assert.equal(await retryAfter(30, drop), '1')
  })

  it('keep known keys at work while an unknown one cannot be looked for', async (t) => {
    const issuer = await startIssuer(t)
    const { call, clock } = await startApi(t, { issuer: issuer.url })
    const token = await issuer.sign()
    await call(token)

    issuer.instead = (_req, res) => res.destroy()
    clock.now += 30
    const unknown = await call(await issuer.sign({}, {}, await createSigningKey('unknown')))

    assert.equal(unknown.status, 503)
    assert.equal((await call(token)).status, 200)
  })

  it('are not needed to refuse what can be seen to be no access token', async (t) => {
    const { call } = await startApi(t, { issuer: await nobodyListening() })

    assert.equal((await call('a.b.c')).status, 401)
  })

  it('answer 503 when nothing listens at the issuer, and say so to the operator', async (t) => {
    const { call, reported } = await startApi(t, { issuer: await nobodyListening() })
    const token = await (await startIssuer(t)).sign()

    assert.equal((await call(token)).status, 503)
    assert.match(reported[0]?.message ?? '', /ECONNREFUSED/)
  })
})
