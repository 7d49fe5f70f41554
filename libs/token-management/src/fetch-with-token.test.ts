import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { startServer } from '@basics/protocol/test-support/start-server'
import { ClientSecretBasic } from 'openid-client'

import { collectEvents } from '../test-support/collect-events.ts'
import { startApi } from '../test-support/start-api.ts'
import { createTokenResponse, startTokenService } from '../test-support/start-token-service.ts'
import {
  clientCredentialsTokens,
  type TokenManagementOptions,
} from './client-credentials/client-credentials-tokens.ts'

async function startWorker(t: TestContext, options: TokenManagementOptions = {}) {
  const [service, api] = await Promise.all([startTokenService(t), startApi(t)])
  const clock = { now: 1_000_000 }
  const worker = {
    issuer: service.issuer,
    clientId: 'worker',
    clientAuthentication: ClientSecretBasic('secret'),
  }
  const tokens = clientCredentialsTokens(
    { worker },
    { now: () => clock.now, pauseAfter: () => 0.001, ...options },
  )
  const fetchFor = (baseUrl: string) => tokens.fetchFor('worker', { baseUrl })
  return { service, api, clock, tokens, fetchFor, callApi: fetchFor(api.baseUrl) }
}

describe('fetch with a token', () => {
  it("sends the token, and the caller's method, headers and body", async (t) => {
    const { api, callApi } = await startWorker(t)

    const headers = { authorization: 'Bearer mine', 'content-type': 'text/csv' }
    const response = await callApi('/orders?id=1', { method: 'PUT', headers, body: 'text' })

    assert.equal(await response.text(), 'accepted')
    assert.deepEqual(api.calls, [
      { method: 'PUT', url: '/orders?id=1', token: 'token-1', type: 'text/csv', body: 'text' },
    ])
  })

  it('uses the scope and the resource it was made for', async (t) => {
    const { service, api, tokens } = await startWorker(t)
    const { baseUrl } = api

    await tokens.fetchFor('worker', { baseUrl, scope: 'scope2', resource: 'urn:api' })('/')

    assert.deepEqual(service.requests[0]?.parameters, {
      grant_type: 'client_credentials',
      scope: 'scope2',
      resource: 'urn:api',
    })
  })

  for (const path of [
    'http://127.0.0.1:1/identity',
    '//127.0.0.1:1/identity',
    '\\\\127.0.0.1:1/identity',
    'data:text/plain,identity',
  ])
    it(`sends no token to ${path}`, async (t) => {
      const { service, callApi } = await startWorker(t)

      await assert.rejects(callApi(path), /must not be sent to/)
      assert.equal(service.requests.length, 0)
    })

  it('returns a redirect instead of following it', async (t) => {
    const { api, fetchFor } = await startWorker(t)
    const redirecting = await startServer(t, (_request, response) => {
      response.writeHead(307, { Location: `${api.baseUrl}/identity` }).end()
    })

    const response = await fetchFor(redirecting)('/')

    assert.equal(response.status, 307)
    assert.deepEqual(api.calls, [])
  })

  it('sends no request when there is no token', async (t) => {
    const { service, api, callApi } = await startWorker(t)
    service.answer = () => ({ status: 400, body: { error: 'invalid_scope' } })

    await assert.rejects(callApi('/'), { error: 'invalid_scope' })
    assert.deepEqual(api.calls, [])
  })

  it('stops waiting for a token, the first or the next, when the caller does', async (t) => {
    const { service, api, clock, tokens, callApi } = await startWorker(t)
    const call = () => callApi('/', { signal: AbortSignal.timeout(200) })
    api.refused.add('token-1')
    await tokens.get('worker')

    service.hangs = true
    await assert.rejects(call(), { name: 'TimeoutError' })
    assert.equal(api.calls.length, 1)
    clock.now += 3600
    await assert.rejects(call(), { name: 'TimeoutError' })
    assert.equal(api.calls.length, 1)
  })
})

describe('a 401 from the API', () => {
  it('renews the token once and repeats the request once, body and all', async (t) => {
    const { service, api, callApi } = await startWorker(t)
    const events = collectEvents(t, 'worker')
    api.refused.add('token-1')

    const response = await callApi('/orders?id=1', { method: 'POST', body: 'text' })

    assert.equal(response.status, 200)
    assert.equal(service.requests.length, 2)
    const type = 'text/plain;charset=UTF-8'
    const call = { method: 'POST', url: '/orders?id=1', type, body: 'text' }
    assert.deepEqual(api.calls, [
      { ...call, token: 'token-1' },
      { ...call, token: 'token-2' },
    ])
    const url = `${api.baseUrl}/orders`
    assert.deepEqual(events.at(-1), ['retried', { client: 'worker', url, status: 200 }])
  })

  it('is the answer when the new token is refused too, at most every 10 s', async (t) => {
    const { service, api, clock, callApi } = await startWorker(t)
    api.refusesAll = true

    const response = await callApi('/')
    assert.equal(response.status, 401)
    assert.equal(await response.text(), 'refused')
    assert.deepEqual([service.requests.length, api.calls.length], [2, 2])

    clock.now += 9
    assert.equal((await callApi('/')).status, 401)
    assert.deepEqual([service.requests.length, api.calls.length], [2, 3])

    clock.now += 1
    assert.equal((await callApi('/')).status, 401)
    assert.deepEqual([service.requests.length, api.calls.length], [3, 5])
  })

  it('renews the token soon again when the clock was set back', async (t) => {
    const { service, api, clock, callApi } = await startWorker(t, { pauseAfter: () => 20 })
    api.refused.add('token-1')
    await callApi('/')
    api.refused.add('token-2')

    clock.now -= 86_400
    service.down = true
    assert.equal((await callApi('/')).status, 401)

    clock.now -= 86_400
    service.down = false
    assert.equal((await callApi('/')).status, 200)
    assert.equal(service.requests.length, 4)
  })

  it('makes 20 concurrent calls share one renewal', async (t) => {
    const { service, api, tokens, callApi } = await startWorker(t)
    await tokens.get('worker')
    api.refused.add('token-1')

    const responses = await Promise.all(Array.from({ length: 20 }, () => callApi('/')))

    assert.ok(responses.every(({ status }) => status === 200))
    assert.equal(service.requests.length, 2)
  })

  it('renews nothing when the token has been replaced since it was sent', async (t) => {
    const { service, api, clock, tokens, callApi } = await startWorker(t)
    api.refused.add('token-1')
    const slow = callApi('/slow')
    await callApi('/')
    clock.now += 60

    api.slow.resolve()

    assert.equal((await slow).status, 200)
    assert.equal((await tokens.get('worker')).access_token, 'token-2')
    assert.equal(service.requests.length, 2)
  })

  it('renews the token when that which has replaced it is dead by now', async (t) => {
    const { api, clock, callApi } = await startWorker(t)
    api.refused.add('token-1')
    const slow = callApi('/slow')
    await callApi('/')
    clock.now += 3600

    api.slow.resolve()

    assert.equal((await slow).status, 200)
    assert.equal(api.calls.at(-1)?.token, 'token-3')
  })

  it('renews the token for the next call when a body cannot be sent again', async (t) => {
    const { api, callApi } = await startWorker(t)
    api.refused.add('token-1')
    const upload = () =>
      callApi('/', { method: 'POST', body: new Blob(['text']).stream(), duplex: 'half' })

    assert.equal((await upload()).status, 401)
    assert.equal(api.calls.length, 1)
    assert.equal((await upload()).status, 200)
  })

  it('is the answer when no other token can be had, and the token is kept', async (t) => {
    const { service, api, callApi } = await startWorker(t)
    await callApi('/')
    service.down = true
    api.refused.add('token-1')

    const response = await callApi('/')
    assert.equal(await response.text(), 'refused')

    api.refused.clear()
    assert.equal((await callApi('/')).status, 200)
  })

  it('is the answer at once during the pause after a failed renewal', async (t) => {
    const { service, api, clock, callApi } = await startWorker(t, { pauseAfter: () => 20 })
    await callApi('/')
    service.down = true
    api.refusesAll = true
    await callApi('/')

    clock.now += 11
    assert.equal((await callApi('/')).status, 401)
    assert.equal(service.requests.length, 2)
  })

  it('costs one token request when the service can only repeat its token', async (t) => {
    const { service, api, callApi } = await startWorker(t)
    service.answer = () => ({ body: createTokenResponse('same') })
    api.refused.add('same')
    await callApi('/')
    assert.equal(service.requests.length, 2)

    api.refused.clear()
    assert.equal((await callApi('/')).status, 200)
    assert.equal(service.requests.length, 2)
  })
})
