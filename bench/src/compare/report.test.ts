import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createReport } from './report.ts'
import { atLeast, atMost, type Row } from './row.ts'

describe('report', () => {
  const rows: Row[] = [
    {
      section: 'operation',
      title: 'One',
      cells: { memory: '1 µs' },
      load: { memory: '9/s' },
      goals: [atLeast('memory', [2], 1)],
      dominatedBy: 'this',
    },
    { section: 'growth', title: 'More', cells: { memory: '1 → 1 µs' }, goals: [], dominatedBy: '' },
    {
      section: 'process',
      title: 'Two',
      cells: { sqlite: '2 ms' },
      goals: [atMost('SQLite', [2], 1, 'ms'), atMost('memory', [0.8, 1.2], 1, 'ms')],
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
    assert.match(
      report,
      /^\| Two \| 2 ms \| \*\*SQLite 2\.00 ms \(≤ 1\)\*\*<br>\*memory 1\.00 ms, 0\.80 to 1\.20 \(≤ 1\)\* \| that \|$/m,
    )
  })

  it('says which goals were missed, which are within the noise, and no others', () => {
    const [, missed, noise] = createReport(rows, 5, new Date(), { RS256: 300, ES256: 50 }).split(
      /^## Goals (?:missed|within the noise)$/m,
    )

    assert.equal(missed?.trim(), '- Two: SQLite 2.00 ms (≤ 1)')
    assert.equal(noise?.trim(), '- Two: memory 1.00 ms, 0.80 to 1.20 (≤ 1)')
  })
})
