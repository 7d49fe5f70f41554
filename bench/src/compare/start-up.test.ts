import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createStartUpRow } from './start-up.ts'

describe('start-up', () => {
  it('is compared with what oidc-provider took in the same round', () => {
    const times = { memory: [80, 160, 90], sqlite: [90, 180, 95], 'oidc-provider': [100, 200, 100] }

    const { cells, goals } = createStartUpRow('Start-up', times, 'loading modules')

    assert.deepEqual(cells, {
      memory: '90 ms ±44 %',
      sqlite: '95 ms ±47 %',
      'oidc-provider': '100 ms ±50 %',
    })
    assert.deepEqual(goals, [
      {
        text: 'memory 0.80 × of oidc-provider, 0.80 to 0.90 (≤ 0.85): reached, within the noise',
        verdict: 'reached',
        isWithinNoise: true,
      },
      { text: 'SQLite 0.90 × of oidc-provider (≤ 0.85)', verdict: 'missed', isWithinNoise: false },
    ])
  })
})
