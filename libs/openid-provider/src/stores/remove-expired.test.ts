import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { createRecord } from './contract/create-record.ts'
import { memoryStore } from './memory/memory-store.ts'
import { removeExpiredRecords } from './remove-expired.ts'

const onError = (error: unknown) => assert.fail(String(error))

describe('removeExpiredRecords', () => {
  it('removes what has expired, and serves others between two batches', async (t) => {
    const store = memoryStore({ now: () => 1_000 })
    for (let n = 0; n < 25; n++) await store.store(createRecord({ key: `k${n}` }))
    const happened: (string | number)[] = []
    const done = Promise.withResolvers<void>()
    const serveOthers = async () => {
      for (let turn = 0; turn < 100; turn++) {
        await setImmediate()
        happened.push('other')
      }
    }
    const removeExpired = async (limit: number) => {
      if (happened.length === 0) void serveOthers()
      const removed = await store.removeExpired(limit)
      happened.push(removed)
      if (removed < limit) done.resolve()
      return removed
    }
    t.after(removeExpiredRecords({ removeExpired }, { interval: 5, batch: 10, onError }))

    await done.promise
    assert.deepEqual(happened, [10, 'other', 10, 'other', 5])
  })

  it('starts no round before the last one has ended', async (t) => {
    let [running, rounds] = [0, 0]
    const done = Promise.withResolvers<void>()
    const removeExpired = async () => {
      running++
      if (running > 1) done.reject(new Error('two rounds run at once'))
      for (let turn = 0; turn < 1_000; turn++) await setImmediate()
      running--
      rounds++
      if (rounds === 3) done.resolve()
      return 0
    }
    t.after(removeExpiredRecords({ removeExpired }, { interval: 1, onError }))

    await done.promise
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

  it('stops after the batch under way', async () => {
    const started = Promise.withResolvers<void>()
    const batch = Promise.withResolvers<number>()
    let batches = 0
    const removeExpired = () => {
      batches++
      started.resolve()
      return batch.promise
    }
    const stop = removeExpiredRecords({ removeExpired }, { interval: 1, batch: 10, onError })
    await started.promise
    let stopped = false
    const stopping = stop().then(() => {
      stopped = true
    })

    await setImmediate()
    assert.equal(stopped, false)
    batch.resolve(10)
    await stopping
    assert.equal(batches, 1)
  })

  it('stops at once while it waits for the next round', async () => {
    const removeExpired = () => assert.fail('a round was started')

    await removeExpiredRecords({ removeExpired }, { onError })()
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
