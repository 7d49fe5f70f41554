import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { mebibyte } from '../mebibyte.ts'
import { requireLevel } from './level.ts'
import { allowances } from './soak.ts'

const inBytes = (series: readonly number[]) => series.map((size) => size * mebibyte)

// Series in MiB, held to what is allowed of the process.
describe('a level', () => {
  for (const [kind, series] of Object.entries({
    'a leak that goes on': [100, 110, 120, 130, 140, 150, 160, 170, 180, 190],
    'a leak with larger and smaller rises': [285, 285, 301, 317, 333, 349, 365, 371, 377, 383],
    'a leak that pauses': [100, 110, 130, 150, 170, 170, 175, 180, 185, 190],
    'a slow leak': [100, 103, 106, 109, 112, 115, 118, 121, 124, 127],
    'a leak that begins late': [100, 100, 100, 100, 100, 100, 110, 120, 130, 140],
    'a leak behind a peak': [400, 300, 300, 300, 300, 305, 310, 315, 320, 325],
    'a leak of steps': [100, 100, 100, 120, 120, 120, 140, 140, 140, 160],
    'a step that is too high': [100, 100, 100, 100, 100, 100, 100, 160, 160, 160],
  }))
    it(`is not ${kind}`, () => {
      assert.throws(
        () => requireLevel(inBytes(series), allowances.rss, 'it'),
        /^AssertionError.*: it grows: /,
      )
    })

  for (const [kind, series] of Object.entries({
    'a plateau from the start': [100, 100, 100, 100, 100, 100, 100, 100, 100, 100],
    'a plateau that is reached by steps before the middle': [
      100, 120, 150, 150, 200, 200, 200, 200, 200, 200,
    ],
    'a plateau that starts right after the middle': [
      285, 285, 285, 285, 285, 328, 329, 329, 329, 329,
    ],
    'a plateau that starts at the end': [100, 100, 100, 100, 100, 100, 100, 100, 100, 132],
    'a plateau that is uneven': [100, 104, 101, 103, 100, 104, 100, 103, 105, 101],
    'what falls': [190, 180, 170, 160, 150, 140, 130, 120, 110, 100],
  }))
    it(`is ${kind}`, () => {
      requireLevel(inBytes(series), allowances.rss, 'it')
    })

  it('has no step unless one is allowed', () => {
    const series = [100, 100, 100, 109, 109]

    assert.throws(() => requireLevel(series, { rise: 8 }, 'it'), /it grows/)
  })

  it('tells what it rose by, without the step', () => {
    const series = inBytes([100, 100, 100, 130, 133, 131])

    assert.equal(requireLevel(series, allowances.rss, 'it'), 3 * mebibyte)
  })
})
