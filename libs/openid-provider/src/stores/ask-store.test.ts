import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { askStore } from './ask-store.ts'

const countTimers = () =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length

/** Seconds: longer than any test. */
const timeout = 3600

describe('askStore', () => {
  for (const [how, ask] of [
    ['answered', () => Promise.resolve('answer')],
    ['refused', () => Promise.reject(new Error('down'))],
  ] as const)
    it(`leaves no timer behind when it is ${how}, which would keep the process alive`, async () => {
      const before = countTimers()

      await askStore('findClientById', timeout, ask).catch(() => undefined)

      assert.ok(countTimers() <= before, `${countTimers()} timers, ${before} before`)
    })
})
