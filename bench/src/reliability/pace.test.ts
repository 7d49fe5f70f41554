import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { comparePace } from './pace.ts'

describe('the pace of a load', () => {
  for (const [kind, p99s] of Object.entries({
    'the same all along': [100, 100, 100, 100, 100, 100, 100, 100, 100, 100],
    'no more than half slower': [100, 100, 100, 100, 120, 130, 140, 150, 150, 150],
    'faster after the first part': [700, 100, 100, 100, 100, 100, 100, 100, 100, 100],
    'interrupted once, at first or at last': [100, 700, 100, 100, 100, 100, 100, 100, 700, 100],
  }))
    it(`is level when it is ${kind}`, () => {
      assert.equal(comparePace(p99s).isLevel, true)
    })

  for (const [kind, p99s] of Object.entries({
    'slower and slower': [100, 100, 110, 120, 130, 140, 150, 160, 170, 180],
    'slower, though not than in the first part': [700, 100, 100, 100, 100, 100, 100, 160, 160, 160],
    'slower, though not than in one of the early parts': [
      100, 100, 700, 100, 100, 100, 100, 160, 160, 160,
    ],
  }))
    it(`is not level when it is ${kind}`, () => {
      assert.equal(comparePace(p99s).isLevel, false)
    })

  it('tells the p99 of the first part, early and late', () => {
    assert.equal(
      comparePace([700, 101, 102, 103, 100, 100, 100, 110, 112, 111]).description,
      '700.0 ms in part 1, 102.0 ms in parts 2 to 4 and 111.0 ms in the last three',
    )
  })
})
