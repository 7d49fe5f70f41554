import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createReport } from './report.ts'
import { atLeast, atMost, type Row } from './row.ts'

const signatures = { 'sign RS256': 300, 'sign ES256': 50, 'verify RS256': 20, 'verify ES256': 70 }

describe('report', () => {
  const rows: Row[] = [
    {
      section: 'operation',
      title: 'One',
      cells: { memory: '1 µs' },
      load: { memory: '9/s' },
      goals: [atLeast('memory', [2], 1)],
      dominatedBy: 'this',
      signatures: ['sign ES256', 'verify ES256'],
      costs: { memory: 480, limit: 240 },
    },
    { section: 'growth', title: 'More', cells: { memory: '1 → 1 µs' }, goals: [], dominatedBy: '' },
    {
      section: 'process',
      title: 'Two',
      cells: { sqlite: '2 ms' },
      goals: [
        atMost('SQLite', [2], 1, 'ms'),
        atMost('memory', [0.8, 0.9, 1.2], 1, 'ms'),
        atLeast('memory', [1.9, 2.1, 1.8], 2),
      ],
      dominatedBy: 'that',
    },
  ]

  it('has each row in the table of its section', () => {
    const tables = createReport(rows, 5, new Date(), signatures).split(/^## /m)
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
    const report = createReport(rows, 5, new Date('2026-01-02'), signatures)

    assert.match(report, /on 2026-01-02\./)
    assert.match(report, /^\| {2}\| ours, in memory \| goals \| what dominates \|$/m)
    assert.match(
      report,
      /^\| One \| 1 µs \| memory 2\.00 × \(≥ 1\) \| sign ES256 and verify ES256: 25 %; the rest: this \|$/m,
    )
    assert.match(report, /^\| One \| 9\/s \|$/m)
    assert.match(
      report,
      /^\| Two \| 2 ms \| \*\*SQLite [^*]+\*\*<br>\*memory 0\.90 [^*]+\*<br>\*{3}memory 1\.90 [^*]+\*{3} \| that \|$/m,
    )
  })

  it('says which part of the cost the limit has, where nothing is signed', () => {
    const unsigned = rows.map(({ signatures: _, ...row }) => row)
    const report = createReport(unsigned, 5, new Date(), signatures)

    assert.match(report, /as the limit does: 50 %; the rest: this \|$/m)
  })

  it('says which goals were missed, which were reached within the noise, and no others', () => {
    const [, missed, noise] = createReport(rows, 5, new Date(), signatures).split(
      /^## Goals (?:missed|reached within the noise)$/m,
    )

    assert.equal(
      missed?.trim(),
      '- Two: SQLite 2.00 ms (≤ 1)\n- Two: memory 1.90 ×, 1.80 to 2.10 (≥ 2): missed, within the noise',
    )
    assert.equal(
      noise?.trim(),
      '- Two: memory 0.90 ms, 0.80 to 1.20 (≤ 1): reached, within the noise',
    )
  })
})
