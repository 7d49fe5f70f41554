import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { ClientSecretBasic } from 'openid-client'

import { collectEvents } from '../test-support/collect-events.ts'
import { startApi } from '../test-support/start-api.ts'
import { startTokenService } from '../test-support/start-token-service.ts'
import type { AccessToken } from './access-token.ts'
import { clientCredentialsTokens } from './client-credentials/client-credentials-tokens.ts'
import type { TokenCache } from './token-cache.ts'

/** What a database would hold: text, so that processes share values and not objects. */
function cacheOver(store: Map<string, string>): TokenCache {
  return {
    async get(key) {
      const entry = store.get(key)
      return entry === undefined ? undefined : (JSON.parse(entry) as AccessToken)
    },
    async set(key, token) {
      store.set(key, JSON.stringify(token))
    },
    async remove(key) {
      store.delete(key)
    },
  }
}

/** As many processes as asked for, each with a cache of its own over the same store. */
async function startProcesses(t: TestContext) {
  const service = await startTokenService(t)
  const store = new Map<string, string>()
  const clock = { now: 1_000_000 }
  const worker = {
    issuer: service.issuer,
    clientId: 'worker',
    clientAuthentication: ClientSecretBasic('secret'),
  }
  const startProcess = (cache = cacheOver(store)) =>
    clientCredentialsTokens({ worker }, { cache, now: () => clock.now, pauseAfter: () => 0.001 })
  return { service, store, clock, startProcess }
}

describe('shared cache', () => {
  it("gives a process another one's token, first and renewed", async (t) => {
    const { service, clock, startProcess } = await startProcesses(t)
    const [first, second] = [startProcess(), startProcess()]
    await first.get('worker')
    const events = collectEvents(t, 'worker')

    assert.equal((await second.get('worker')).access_token, 'token-1')
    assert.deepEqual(events, [['reused', { client: 'worker', expires_in: 3600, from: 'cache' }]])

    clock.now += 3540
    await first.get('worker')
    assert.equal((await second.get('worker')).access_token, 'token-2')
    assert.equal(service.requests.length, 2)
  })

  it('is asked only when a process has no good token of its own', async (t) => {
    const { store, startProcess } = await startProcesses(t)
    const tokens = startProcess()
    await tokens.get('worker')

    store.clear()
    assert.equal((await tokens.get('worker')).access_token, 'token-1')
  })

  it('holds a dead token, or one that is due, for nobody but those who cannot renew it', async (t) => {
    const { service, clock, startProcess } = await startProcesses(t)
    await startProcess().get('worker')

    clock.now += 3540
    service.down = true
    assert.equal((await startProcess().get('worker')).access_token, 'token-1')
    service.down = false
    assert.equal((await startProcess().get('worker')).access_token, 'token-2')

    clock.now += 3600
    service.down = true
    await assert.rejects(startProcess().get('worker'), { status: 503 })
  })

  it('is not asked when a renewal is forced', async (t) => {
    const { startProcess } = await startProcesses(t)
    await startProcess().get('worker')

    const token = await startProcess().get('worker', { forceRenewal: true })

    assert.equal(token.access_token, 'token-2')
  })

  it('does not keep a token that an API has refused', async (t) => {
    const { service, store, startProcess } = await startProcesses(t)
    const { baseUrl, refused } = await startApi(t)
    const callApi = startProcess().fetchFor('worker', { baseUrl })
    await callApi('/')
    assert.equal(store.size, 1)

    refused.add('token-1')
    service.down = true
    await callApi('/')
    assert.equal(store.size, 0)
  })

  it('gives every process the successor of a token that an API has refused', async (t) => {
    const { service, store, startProcess } = await startProcesses(t)
    const { baseUrl, refused } = await startApi(t)
    const callFirst = startProcess().fetchFor('worker', { baseUrl })
    const callSecond = startProcess().fetchFor('worker', { baseUrl })
    await callFirst('/')
    await callSecond('/')

    refused.add('token-1')
    assert.equal((await callFirst('/')).status, 200)
    assert.equal((await callSecond('/')).status, 200)
    store.clear()
    assert.equal((await callSecond('/')).status, 200)
    assert.equal(service.requests.length, 2)
  })
})

describe('shared cache that is down', () => {
  it('is done without, which shows as events', async (t) => {
    const { service, startProcess } = await startProcesses(t)
    const events = collectEvents(t, 'worker')
    const fail = () => Promise.reject(new Error('connection lost'))
    const tokens = startProcess({ get: fail, set: fail, remove: fail })

    await tokens.get('worker')
    assert.equal((await tokens.get('worker')).access_token, 'token-1')

    assert.equal(service.requests.length, 1)
    const error = 'Error: connection lost'
    assert.deepEqual(
      events.filter(([event]) => event === 'cache-failed'),
      [
        ['cache-failed', { client: 'worker', operation: 'get', error }],
        ['cache-failed', { client: 'worker', operation: 'set', error }],
      ],
    )
  })

  it('does not bring back an old token when it cannot be written', async (t) => {
    const { service, clock, startProcess } = await startProcesses(t)
    const old = { access_token: 'old', requested_at: 0, expires_at: clock.now + 10 }
    const fail = () => Promise.reject(new Error('read only'))
    const tokens = startProcess({ get: async () => old, set: fail, remove: fail })
    await tokens.get('worker')

    clock.now += 3540
    service.down = true
    await tokens.get('worker')
    assert.equal((await tokens.get('worker')).access_token, 'token-1')
  })

  it('is done without after a second when it hangs', async (t) => {
    const { startProcess } = await startProcesses(t)
    const hang = () => new Promise<never>(() => {})
    const tokens = startProcess({ get: hang, set: async () => {}, remove: hang })

    assert.equal((await tokens.get('worker')).access_token, 'token-1')
  })
})
