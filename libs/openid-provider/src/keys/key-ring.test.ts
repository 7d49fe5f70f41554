import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'

import { collectLogs } from '../../test-support/collect-logs.ts'
import { memoryKeys } from '../../test-support/memory-keys.ts'
import type { KeyStore } from './key-files.ts'
import { type KeyRingConfiguration, openKeyRing } from './key-ring.ts'

const day = 24 * 60 * 60 * 1000

/** A key ring with a clock that the test sets, in days since the first key was made. */
async function open(t: TestContext, configuration: Partial<KeyRingConfiguration> = {}) {
  const clock = { day: 0 }
  const ring = await openKeyRing({
    store: memoryKeys(),
    algorithms: ['ES256'],
    now: () => clock.day * day,
    ...configuration,
  })
  t.after(() => ring.close())
  return {
    ring,
    clock,
    published: () => ring.jwks().keys.map(({ kid }) => kid),
    signing: () => ring.signingKey('ES256').kid,
  }
}

describe('key ring', () => {
  it('makes a key for each algorithm, and finds it by its kid', async (t) => {
    const { ring } = await open(t, { algorithms: ['ES256', 'ES384'] })

    const keys = ring.algorithms.map((alg) => ring.signingKey(alg))

    assert.deepEqual(
      keys.map(({ alg }) => alg),
      ['ES256', 'ES384'],
    )
    for (const key of keys) assert.equal(ring.findKey(key.kid), key)
    assert.equal(ring.findKey('unknown'), undefined)
    assert.equal(ring.findKey(undefined), undefined)
  })

  it('keeps its keys when it is opened again', async (t) => {
    const store = memoryKeys()
    const first = await open(t, { store })

    const second = await open(t, { store })

    assert.deepEqual(second.ring.jwks(), first.ring.jwks())
  })

  it('announces a successor 14 days before it signs, and publishes the old key 14 days longer', async (t) => {
    const { ring, clock, published, signing } = await open(t)
    const first = signing()
    const stateOn = async (on: number) => {
      clock.day = on
      await ring.maintain()
      return { signing: signing(), published: published() }
    }

    assert.deepEqual(await stateOn(75.9), { signing: first, published: [first] })
    const {
      published: [, second],
    } = await stateOn(76)
    assert.notEqual(second, undefined)
    assert.deepEqual(await stateOn(89.9), { signing: first, published: [first, second] })
    assert.deepEqual(await stateOn(90), { signing: second, published: [first, second] })
    assert.deepEqual(await stateOn(103.9), { signing: second, published: [first, second] })
    assert.deepEqual(await stateOn(104), { signing: second, published: [second] })
    assert.equal(ring.findKey(first), undefined)
  })

  it('removes a key from its store when it no longer publishes it', async (t) => {
    const store = memoryKeys()
    const { ring, clock, signing } = await open(t, { store })
    const first = signing()

    clock.day = 76
    await ring.maintain()
    clock.day = 104
    await ring.maintain()

    const kids = (await store.load()).map(({ kid }) => kid)
    assert.equal(kids.length, 1)
    assert.equal(kids.includes(first), false)
  })

  it('starts with a new key after it was closed for a year', async (t) => {
    const store = memoryKeys()
    const { signing } = await open(t, { store })

    const later = await open(t, { store, now: () => 365 * day })

    assert.notEqual(later.signing(), signing())
    assert.deepEqual(later.published(), [later.signing()])
  })

  it('goes on signing with an overdue key, rather than with none', async (t) => {
    const { clock, signing } = await open(t)
    const first = signing()

    clock.day = 365

    assert.equal(signing(), first)
  })

  it('publishes the same object until a key comes', async (t) => {
    const { ring, clock } = await open(t)
    const before = ring.jwks()

    await ring.maintain()
    assert.equal(ring.jwks(), before)
    clock.day = 76
    await ring.maintain()
    assert.notEqual(ring.jwks(), before)
  })

  it('looks after itself every hour, and reports what it cannot do', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const { logger, lines } = collectLogs()
    const failure = new Error('the disk is gone')
    const keys = memoryKeys()
    let isBroken = false
    const store: KeyStore = {
      ...keys,
      load: async () => {
        if (isBroken) throw failure
        return keys.load()
      },
    }
    const { ring } = await open(t, { store, logger })

    isBroken = true
    t.mock.timers.tick(60 * 60 * 1000)
    await setImmediate()

    assert.deepEqual(lines, [
      { level: 'error', fields: { err: failure }, message: 'the signing keys were not maintained' },
    ])
    assert.equal(ring.jwks().keys.length, 1)
  })

  it('does not end the process when that cannot be reported either', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const fail = () => {
      throw new Error('the disk is gone')
    }
    const keys = memoryKeys()
    const store: KeyStore = { ...keys }
    await open(t, { store, logger: { info: fail, warn: fail, error: fail } })
    const warned = once(process, 'warning')

    store.load = async () => fail()
    t.mock.timers.tick(60 * 60 * 1000)

    const [{ message }] = await warned
    assert.match(message, /^the logger of the token service fails/)
  })

  it('stops that when it is closed', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const keys = memoryKeys()
    let loads = 0
    const load = () => {
      loads++
      return keys.load()
    }
    const { ring } = await open(t, { store: { ...keys, load } })
    const before = loads

    ring.close()
    t.mock.timers.tick(60 * 60 * 1000)

    assert.equal(loads, before)
  })

  it('has no key of an algorithm that it was not opened with', async (t) => {
    const { ring } = await open(t)

    assert.throws(() => ring.signingKey('RS256'), { message: 'the key ring has no RS256 key' })
  })

  for (const times of [
    { propagationTime: 0 },
    { propagationTime: 90 * day },
    { rotationInterval: 14 * day },
    { retentionDuration: 0 },
    { retentionDuration: Number.NaN },
  ])
    it(`refuses ${JSON.stringify(times)}`, async (t) => {
      await assert.rejects(open(t, times), {
        message: 'keys need 0 < propagationTime < rotationInterval and 0 < retentionDuration',
      })
    })
})
