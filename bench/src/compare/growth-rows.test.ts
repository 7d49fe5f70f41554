import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createGrowthRows, type Pair } from './growth-rows.ts'

const rounds = (...costs: number[]) => costs.map((cpu) => ({ cpu, rate: 1, p99: 1 }))

describe('growth', () => {
  it('is what an operation costs beside few and beside many, with each store', async () => {
    const flat: Pair = [rounds(100, 200, 150), rounds(109, 210, 160)]
    const grown: Pair = [rounds(100, 200, 150), rounds(120, 240, 180)]
    const operation = { title: 'Refresh', dominatedBy: 'this' }

    const rows = await createGrowthRows([operation], async (store) => [
      store === 'memory' ? flat : grown,
    ])

    assert.deepEqual(rows, [
      {
        section: 'growth',
        title: 'Refresh',
        cells: {
          memory: '150 µs ±33 % → 160 µs ±32 %',
          sqlite: '150 µs ±33 % → 180 µs ±33 %',
        },
        goals: [
          { text: 'memory 1.07 × (≤ 1.1)', verdict: 'reached', isWithinNoise: false },
          { text: 'SQLite 1.20 × (≤ 1.1)', verdict: 'missed', isWithinNoise: false },
        ],
        dominatedBy: 'this',
      },
    ])
  })
})
