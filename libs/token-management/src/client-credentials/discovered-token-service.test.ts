import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { collectEvents } from '../../test-support/collect-events.ts'
import { startWorker } from '../../test-support/start-worker.ts'

/** Each call gets a new token. */
async function start(t: TestContext) {
  const { service, clock, tokens } = await startWorker(t, { pauseAfter: () => 0 })
  const renew = (scope = 'scope1') => tokens.get('worker', { scope, forceRenewal: true })
  await renew()
  return { service, clock, renew }
}

describe('a token service', () => {
  it('is discovered anew after an hour, once for all tokens', async (t) => {
    const { service, clock, renew } = await start(t)

    clock.now += 3599
    await renew()
    assert.equal(service.discoveries, 1)
    clock.now += 1
    await Promise.all(['scope1', 'scope2', 'scope3'].map(renew))

    assert.equal(service.discoveries, 2)
    clock.now += 3599
    await renew()
    assert.equal(service.discoveries, 2)
  })

  it('is discovered anew too when the clock was set back by more than an hour', async (t) => {
    const { service, clock, renew } = await start(t)

    clock.now -= 7200
    await renew()

    assert.equal(service.discoveries, 2)
  })

  it('that cannot be discovered anew is used as it was, and discovered a minute later', async (t) => {
    const { service, clock, renew } = await start(t)
    const events = collectEvents(t, 'worker')
    const { issuer } = service
    service.issuer = 'https://wrong.example'
    clock.now += 3600

    for (const _ of [1, 2, 3]) await renew()
    clock.now += 59
    await renew()
    assert.deepEqual([service.discoveries, service.requests.length], [2, 5])
    assert.ok(events.every(([event]) => event !== 'failed'))

    service.issuer = issuer
    clock.now += 1
    await renew()
    await renew()
    assert.equal(service.discoveries, 3)
  })

  it('whose token endpoint has moved is discovered at once, and asked there', async (t) => {
    const { service, clock, renew } = await start(t)
    clock.now += 60
    service.path = '/moved'

    const { access_token } = await renew()

    assert.equal(access_token, 'token-2')
    assert.deepEqual([service.discoveries, service.misses], [2, 1])
    await renew()
    assert.deepEqual([service.discoveries, service.misses], [2, 1])
  })

  it('whose token endpoint has moved is discovered once for all tokens', async (t) => {
    const { service, clock, renew } = await start(t)
    await Promise.all(['scope2', 'scope3'].map(renew))
    clock.now += 60
    service.path = '/moved'

    await Promise.all(['scope1', 'scope2', 'scope3'].map(renew))

    assert.deepEqual([service.discoveries, service.misses], [2, 3])
  })

  it('that has no token endpoint any more is asked twice once a minute only', async (t) => {
    const { service, clock, renew } = await start(t)
    clock.now += 60
    service.answer = () => ({ status: 404, body: 'not here' })

    for (const _ of [1, 2, 3]) await assert.rejects(renew(), { status: 404 })
    assert.deepEqual([service.discoveries, service.requests.length - 1], [2, 4])

    clock.now += 60
    await assert.rejects(renew(), { status: 404 })
    assert.deepEqual([service.discoveries, service.requests.length - 1], [3, 6])
  })

  it('that refuses is not discovered anew', async (t) => {
    const { service, clock, renew } = await start(t)
    clock.now += 60
    service.answer = () => ({ status: 400, body: { error: 'invalid_scope' } })

    await assert.rejects(renew(), { error: 'invalid_scope' })
    assert.deepEqual([service.discoveries, service.requests.length - 1], [1, 1])
  })
})
