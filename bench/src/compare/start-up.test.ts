import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createStartUpRow } from './start-up.ts'

describe('start-up', () => {
  it('is compared with what oidc-provider took in the same round', () => {
    const times = { memory: [80, 160, 90], sqlite: [90, 180, 95], 'oidc-provider': [100, 200, 100] }

    const { cells, goals } = createStartUpRow('Start-up', times, 'loading modules')

    assert.deepEqual(cells, { memory: '90 ms', sqlite: '95 ms', 'oidc-provider': '100 ms' })
    assert.deepEqual(goals, [
      { text: 'memory 0.8 × of oidc-provider (≤ 0.85)', isReached: true },
      { text: 'SQLite 0.9 × of oidc-provider (≤ 0.85)', isReached: false },
    ])
  })
})
