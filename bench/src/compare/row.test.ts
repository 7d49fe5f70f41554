import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { atLeast, atMost, describeCost, describeLoad, ratios } from './row.ts'

const rounds = (...costs: number[]) =>
  costs.map((cpu) => ({ cpu, rate: 10_000 / cpu, p99: cpu / 10 }))

describe('figures', () => {
  it('are medians, with half the distance between the extremes', () => {
    assert.equal(describeCost(rounds(90, 120, 100)), '100 µs ±15 %')
    assert.equal(describeLoad(rounds(80, 125, 100)), '100/s ±23 %, 10.0 ms (8.0 to 12.5)')
  })

  it('are compared round by round, so that what slows a round down slows both', () => {
    assert.deepEqual(ratios(rounds(10, 20, 100), rounds(20, 40, 200)), [2, 2, 2])
  })
})

describe('a goal', () => {
  it('is reached or missed by the median of the rounds', () => {
    assert.deepEqual(atLeast('memory', [1.9, 1.5, 1.7], 1.5), {
      text: 'memory 1.70 × (≥ 1.5)',
      verdict: 'reached',
      isWithinNoise: false,
    })
    assert.equal(atMost('SQLite', [0.8, 0.85], 0.85, '×').verdict, 'reached')
    assert.equal(atLeast('memory', [1.4, 1.49], 1.5).verdict, 'missed')
    assert.equal(atMost('SQLite', [0.86, 0.9], 0.85, '×').verdict, 'missed')
    assert.equal(atLeast('memory', [], 1.5).verdict, 'missed')
  })

  it('is so within the noise when rounds are on both sides of it', () => {
    assert.deepEqual(atLeast('memory', [1.99, 2.04, 2.78], 2.5), {
      text: 'memory 2.04 ×, 1.99 to 2.78 (≥ 2.5): missed, within the noise',
      verdict: 'missed',
      isWithinNoise: true,
    })
    assert.deepEqual(atLeast('memory', [1.4, 1.9, 1.7], 1.5), {
      text: 'memory 1.70 ×, 1.40 to 1.90 (≥ 1.5): reached, within the noise',
      verdict: 'reached',
      isWithinNoise: true,
    })
    assert.equal(atMost('SQLite', [0.8, 0.9, 0.9], 0.85, '×').verdict, 'missed')
  })

  it('is reached or missed by a single figure', () => {
    assert.equal(atMost('SQLite', [400], 400, 'bytes').verdict, 'reached')
    assert.equal(atMost('SQLite', [401], 400, 'bytes').verdict, 'missed')
  })

  it('has another digit where rounding would hide on which side it is', () => {
    assert.equal(atLeast('memory', [1.497], 1.5).text, 'memory 1.497 × (≥ 1.5)')
    assert.equal(atLeast('memory', [1.503], 1.5).text, 'memory 1.50 × (≥ 1.5)')
    assert.equal(atMost('memory', [1.1004], 1.1, '×').text, 'memory 1.1004 × (≤ 1.1)')
    assert.equal(atMost('SQLite', [400.4], 400, 'bytes').text, 'SQLite 400.4 bytes (≤ 400)')
    assert.equal(
      atLeast('memory', [1.4999, 2], 1.5).text,
      'memory 1.75 ×, 1.4999 to 2.00 (≥ 1.5): reached, within the noise',
    )
  })
})
