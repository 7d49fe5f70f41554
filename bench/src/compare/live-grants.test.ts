import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createGrantRow } from './live-grants.ts'

describe('memory per live grant', () => {
  it('is what was added to the memory, for each grant, and says of what', () => {
    const before = createSizes(5_000_000, 100_000_000, 9_000_000)
    const after = createSizes(15_000_000, 104_100_000, 15_000_000)

    const { title, cells, goals } = createGrantRow(10_000, before, after)

    assert.equal(title, 'Memory per live grant, of 10,000')
    assert.deepEqual(cells, {
      memory: '1,000 bytes of heap',
      sqlite: '410 bytes of the process',
      'oidc-provider': '600 bytes of heap',
    })
    assert.deepEqual(goals, [
      { text: 'SQLite 410 bytes (≤ 400)', verdict: 'missed', isWithinNoise: false },
    ])
  })
})

function createSizes(memory: number, sqlite: number, other: number) {
  return new Map([
    ['memory', memory],
    ['sqlite', sqlite],
    ['oidc-provider', other],
  ] as const)
}
