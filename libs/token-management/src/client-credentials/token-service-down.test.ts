import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'

import { ClientSecretBasic } from 'openid-client'

import { createTokenResponse } from '../../test-support/start-token-service.ts'
import { startWorker } from '../../test-support/start-worker.ts'
import { clientCredentialsTokens } from './client-credentials-tokens.ts'

const unavailable = { status: 503, body: {} }

describe('without a token', () => {
  it('a call outlasts two failures', async (t) => {
    const { service, tokens } = await startWorker(t)
    const { answer } = service
    service.answer = (count) => (count < 3 ? unavailable : answer(count))

    assert.equal((await tokens.get('worker')).access_token, 'token-3')
  })

  it('50 calls get one clear error after three attempts, and the next call a token', async (t) => {
    const { service, clock, tokens } = await startWorker(t)
    const { answer } = service
    service.answer = () => unavailable

    const calls = Array.from({ length: 50 }, () => tokens.get('worker'))
    for (const call of await Promise.allSettled(calls)) {
      assert.equal(call.status, 'rejected')
      assert.equal(
        call.reason.message,
        `no token for "worker" from ${service.issuer}: HTTP status 503`,
      )
    }
    assert.equal(service.requests.length, 3)

    service.answer = answer
    assert.equal((await tokens.get('worker')).access_token, 'token-4')

    service.answer = () => unavailable
    clock.now += 3600
    await assert.rejects(tokens.get('worker'))
    assert.equal(service.requests.length, 7)
  })

  it('a further call makes one attempt', async (t) => {
    const { service, tokens } = await startWorker(t)
    service.answer = () => unavailable
    await assert.rejects(tokens.get('worker'))

    await assert.rejects(tokens.get('worker'))

    assert.equal(service.requests.length, 4)
  })

  it('a failed discovery is tried again like a failed token request', async (t) => {
    const { service, tokens } = await startWorker(t)
    service.down = true
    await assert.rejects(tokens.get('worker'), { name: 'TokenRequestError', status: 503 })
    assert.equal(service.discoveries, 3)

    service.down = false
    await tokens.get('worker')
    assert.equal(service.discoveries, 4)
  })

  it('a service that nobody runs is named, with the reason', async () => {
    const issuer = 'http://127.0.0.1:2'
    const worker = { issuer, clientId: 'worker', clientAuthentication: ClientSecretBasic('secret') }
    const tokens = clientCredentialsTokens({ worker }, { pauseAfter: () => 0.001 })

    await assert.rejects(tokens.get('worker'), (error: Error & { cause: { code: string } }) => {
      const reason = 'fetch failed: connect ECONNREFUSED 127.0.0.1:2'
      assert.equal(error.message, `no token for "worker" from ${issuer}: ${reason}`)
      assert.equal(error.cause.code, 'ECONNREFUSED')
      return true
    })
  })

  it('a service that does not answer costs three timeouts', async (t) => {
    const { service, tokens } = await startWorker(t, { timeout: 0.2 })
    service.hangs = true

    await assert.rejects(tokens.get('worker'), /operation timed out/)
    assert.equal(service.requests.length, 3)
  })

  for (const headers of [{}, { 'WWW-Authenticate': 'Basic' }])
    it(`a refusal is not tried again (${JSON.stringify(headers)})`, async (t) => {
      const { service, tokens } = await startWorker(t)
      const body = { error: 'invalid_client', error_description: 'wrong\n\u001bsecret' }
      service.answer = () => ({ status: 401, headers, body })

      await assert.rejects(tokens.get('worker'), {
        message: `no token for "worker" from ${service.issuer}: invalid_client: wrong secret`,
        status: 401,
        error: 'invalid_client',
      })
      assert.equal(service.requests.length, 1)
    })

  it('overload (429) is no refusal', async (t) => {
    const { service, tokens } = await startWorker(t)
    service.answer = () => ({ status: 429, body: { error: 'slow_down' } })

    await assert.rejects(tokens.get('worker'), { error: 'slow_down' })
    assert.equal(service.requests.length, 3)
  })

  it('a call after a refusal waits until the pause is over', async (t) => {
    const start = performance.now()
    const now = () => performance.now() / 1000
    const { service, tokens } = await startWorker(t, { now, pauseAfter: () => 0.4 })
    service.answer = () => ({ status: 400, body: { error: 'unauthorized_client' } })

    await assert.rejects(tokens.get('worker'))
    await assert.rejects(tokens.get('worker', { scope: 'another' }))
    await assert.rejects(tokens.get('worker'))

    assert.equal(service.requests.length, 3)
    // A timer may be a millisecond early.
    assert.ok(performance.now() - start > 395)
  })

  for (const forceRenewal of [false, true])
    it(`a caller that gives up leaves the others waiting (forced: ${forceRenewal})`, async (t) => {
      const { tokens } = await startWorker(t)
      const controller = new AbortController()
      const { signal } = controller
      const impatient = tokens.get('worker', { signal, forceRenewal })
      const patient = tokens.get('worker')

      controller.abort(new Error('enough'))

      await assert.rejects(impatient, { message: 'enough' })
      assert.equal((await patient).access_token, 'token-1')
    })

  it('an answer of more than 256 KiB is not read', async (t) => {
    const { service, tokens } = await startWorker(t)
    const padding = 'x'.repeat(256 * 1024)
    service.answer = () => ({ body: { ...createTokenResponse('token'), padding } })

    await assert.rejects(tokens.get('worker'), /it sent more than 262144 bytes/)
    assert.equal(service.requests.length, 3)
  })

  it('an unusable answer is refused without its token getting into the error', async (t) => {
    const { service, tokens } = await startWorker(t)
    for (const answer of [{ token_type: 'DPoP' }, { token_type: 5 }, { expires_in: -1 }]) {
      service.answer = () => ({ body: { access_token: 's3cret', token_type: 'Bearer', ...answer } })
      await assert.rejects(tokens.get('worker'), (error) => {
        assert.doesNotMatch(inspect(error, { depth: Infinity, showHidden: true }), /s3cret/)
        return true
      })
    }
  })
})

describe('with a token that is due', () => {
  it('calls go on with it while renewals fail, and try again only after a pause', async (t) => {
    const { service, clock, tokens } = await startWorker(t, { pauseAfter: () => 10 })
    const get = async () => (await tokens.get('worker')).access_token
    await get()
    clock.now += 3540
    const { answer } = service
    service.answer = () => unavailable

    for (const second of [0, 1, 9]) {
      assert.equal(await get(), 'token-1', `after ${second} s`)
      assert.equal(service.requests.length, 2)
    }
    clock.now += 10
    assert.equal(await get(), 'token-1')
    assert.equal(service.requests.length, 3)

    service.answer = answer
    clock.now += 10
    assert.equal(await get(), 'token-4')
  })

  it('calls go on with it after a second when the service hangs', async (t) => {
    const { service, clock, tokens } = await startWorker(t)
    await tokens.get('worker')
    clock.now += 3540
    service.hangs = true

    const start = performance.now()
    assert.equal((await tokens.get('worker')).access_token, 'token-1')
    assert.ok(performance.now() - start < 3000)
  })

  it('calls fail once it has expired', async (t) => {
    const { service, clock, tokens } = await startWorker(t)
    await tokens.get('worker')
    clock.now += 3600
    service.answer = () => unavailable

    await assert.rejects(tokens.get('worker'), { status: 503 })
  })
})
