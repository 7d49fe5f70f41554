import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { median } from './measure.ts'
import { createReport } from './report.ts'
import { atLeast, atMost, describeCost, describeLoad, type Row, ratio } from './row.ts'

const rounds = (...costs: number[]) =>
  costs.map((cpu) => ({ cpu, rate: 10_000 / cpu, p99: cpu / 10 }))

describe('figures', () => {
  it('are medians, with half the distance between the extremes', () => {
    assert.equal(describeCost(rounds(90, 120, 100)), '100 µs ±15 %')
    assert.equal(describeLoad(rounds(90, 125, 100)), '100/s, 10.0 ms')
  })

  it('lie between the two in the middle when the rounds are even', () => {
    assert.equal(median([4, 1, 3, 100]), 3.5)
    assert.equal(median([4, 1, 3]), 3)
  })

  it('are compared round by round, so that what slows a round down slows both', () => {
    assert.equal(ratio(rounds(10, 20, 100), rounds(20, 40, 200)), 2)
  })

  it('reach a goal or miss it', () => {
    assert.deepEqual(atLeast('memory', 1.5, 1.5), {
      text: 'memory 1.50 × (≥ 1.5)',
      isReached: true,
    })
    assert.equal(atLeast('memory', 1.49, 1.5).isReached, false)
    assert.equal(atMost('SQLite', 400, 400, 'bytes').isReached, true)
    assert.equal(atMost('SQLite', 401, 400, 'bytes').isReached, false)
  })
})

describe('report', () => {
  const rows: Row[] = [
    {
      section: 'operation',
      title: 'One',
      cells: { memory: '1 µs' },
      load: { memory: '9/s' },
      goals: [atLeast('memory', 2, 1)],
      dominatedBy: 'this',
    },
    { section: 'growth', title: 'More', cells: { memory: '1 → 1 µs' }, goals: [], dominatedBy: '' },
    {
      section: 'process',
      title: 'Two',
      cells: { sqlite: '2 ms' },
      goals: [atMost('SQLite', 2, 1, 'ms')],
      dominatedBy: 'that',
    },
  ]

  it('has each row in the table of its section', () => {
    const tables = createReport(rows, 5, new Date(), { RS256: 300, ES256: 50 }).split(/^## /m)
    const titleOf = (row: string) =>
      tables.filter((each) => each.includes(`| ${row} |`)).map((each) => each.split('\n')[0])

    assert.deepEqual(titleOf('One'), [
      'Processor time an operation',
      'Throughput and 99th percentile',
    ])
    assert.deepEqual(titleOf('More'), ['As there is more to keep'])
    assert.deepEqual(titleOf('Two'), ['The process'])
  })

  it('has a line for each row, under the columns that are used', () => {
    const report = createReport(rows, 5, new Date('2026-01-02'), { RS256: 300, ES256: 50 })

    assert.match(report, /on 2026-01-02\./)
    assert.match(report, /^\| {2}\| ours, in memory \| goals \| what dominates \|$/m)
    assert.match(report, /^\| One \| 1 µs \| memory 2\.00 × \(≥ 1\) \| this \|$/m)
    assert.match(report, /^\| One \| 9\/s \|$/m)
    assert.match(report, /^\| Two \| 2 ms \| \*\*SQLite 2 ms \(≤ 1\)\*\* \| that \|$/m)
  })

  it('says which goals were missed, and no others', () => {
    const missed = createReport(rows, 5, new Date(), { RS256: 300, ES256: 50 })
      .split('## Goals missed')[1]
      ?.trim()

    assert.equal(missed, '- Two: SQLite 2 ms (≤ 1)')
  })
})
