import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'

import { memoryStore } from './memory/memory-store.ts'
import { removeExpiredRecords } from './remove-expired.ts'
import { createRecord } from './store-contract.ts'

const onError = (error: unknown) => assert.fail(String(error))

describe('removeExpiredRecords', () => {
  it('removes what has expired, and serves others between two batches', async (t) => {
    const store = memoryStore({ now: () => 1_000 })
    for (let n = 0; n < 25; n++) await store.store(createRecord({ key: `k${n}` }))
    const happened: (string | number)[] = []
    const done = Promise.withResolvers<void>()
    const removeExpired = async (limit: number) => {
      const removed = await store.removeExpired(limit)
      happened.push(removed)
      void setImmediate().then(() => happened.push('other'))
      if (removed < limit) done.resolve()
      return removed
    }
    t.after(removeExpiredRecords({ removeExpired }, { interval: 1, batch: 10, onError }))

    await done.promise
    assert.deepEqual(happened, [10, 'other', 10, 'other', 5])
  })

  it('starts no round before the last one has ended', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const batch = Promise.withResolvers<number>()
    let rounds = 0
    const removeExpired = () => {
      rounds++
      return batch.promise
    }
    t.after(removeExpiredRecords({ removeExpired }, { interval: 1, onError }))

    t.mock.timers.tick(10)
    assert.equal(rounds, 1)
    batch.resolve(0)
    await setImmediate()
    t.mock.timers.tick(1)
    assert.equal(rounds, 2)
  })

  it('tells of a failure, and tries again', async (t) => {
    const failures: unknown[] = []
    const done = Promise.withResolvers<void>()
    const removeExpired = () => {
      if (failures.length < 2) throw new Error(`failure ${failures.length}`)
      done.resolve()
      return 0
    }
    const fail = (error: unknown) => failures.push(error)
    t.after(removeExpiredRecords({ removeExpired }, { interval: 1, onError: fail }))

    await done.promise
    assert.deepEqual(failures.map(String), ['Error: failure 0', 'Error: failure 1'])
  })

  it('stops after the batch under way', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const batch = Promise.withResolvers<number>()
    let batches = 0
    const removeExpired = () => {
      batches++
      return batch.promise
    }
    const stop = removeExpiredRecords({ removeExpired }, { interval: 1, batch: 10, onError })
    t.mock.timers.tick(1)
    let stopped = false
    const stopping = stop().then(() => {
      stopped = true
    })

    await setImmediate()
    assert.deepEqual({ batches, stopped }, { batches: 1, stopped: false })
    batch.resolve(10)
    await stopping
    t.mock.timers.tick(1)
    assert.equal(batches, 1)
  })

  it('starts no round once it is stopped', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const removeExpired = () => assert.fail('a round was started')
    const stop = removeExpiredRecords({ removeExpired }, { interval: 1, onError })

    await stop()
    t.mock.timers.tick(1)
  })

  it('does not keep the process running', () => {
    const module = new URL('remove-expired.ts', import.meta.url)
    const program = `
      import { removeExpiredRecords } from '${module}'
      removeExpiredRecords({ removeExpired: () => 0 }, { onError: console.error })`
    const args = ['--input-type=module', '--eval', program]

    const { status, signal } = spawnSync(process.execPath, args, { timeout: 10_000 })

    assert.deepEqual({ status, signal }, { status: 0, signal: null })
  })
})
