import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'

import { roundsToWarmUp } from './measure.ts'
import type { Column } from './programs.ts'
import type { Row } from './row.ts'
import { isPinned } from './server-process.ts'

const columns: readonly (readonly [Column, string])[] = [
  ['memory', 'ours, in memory'],
  ['sqlite', 'ours, SQLite'],
  ['oidc-provider', 'oidc-provider'],
  ['limit', 'limit'],
]

/** What `docs/performance.md` says of a run. */
export function createReport(rows: readonly Row[], rounds: number, started: Date): string {
  const loaded = rows.filter(({ load }) => load !== undefined)
  const missed = rows.flatMap(({ title, goals }) =>
    goals.filter(({ isReached }) => !isReached).map(({ text }) => `- ${title}: ${text}`),
  )
  return `# Performance

Written by \`npx nx run bench:compare\` on ${started.toISOString().slice(0, 10)}. Run it on a machine that does nothing else: it takes
about fifteen minutes. \`node bench/src/compare.ts --only token-es256 --rounds 3\` prints a part and writes nothing.

Machine: ${machine()}.
Versions: ${versions()}.
${isPinned ? 'Each server had the first core to itself, and the load the second.' : 'Servers and load shared the cores.'}

Each figure is the median of ${rounds} rounds, in which the servers took turns, after as many operations as in ${roundsToWarmUp} that were not counted;
± is half the distance between the lowest round and the highest. Answers were checked before they were timed, and an unexpected status
would have ended the run. Ours and oidc-provider are called by \`node:http\` directly, without a web framework around them. oidc-provider
kept its records in a Map and was otherwise left at its defaults. In the rows of APIs, resource-server stands
beside express-oauth2-jwt-bearer, both in Express. The limit is bare \`node:http\` that reads the request and signs, and checks hardly anything.

## Processor time an operation

How many times less than oidc-provider, and what was to be reached, stands under "goals": the median of the rounds' ratios.

${table(loaded, 'cells')}

## Throughput and 99th percentile

With ten connections, each of which asks as soon as it is answered.

${table(loaded, 'load')}

## The process

${table(
  rows.filter(({ load }) => load === undefined),
  'cells',
)}

## Goals missed

${missed.length === 0 ? 'None in this run.' : missed.join('\n')}
`
}

function table(rows: readonly Row[], what: 'cells' | 'load'): string {
  const used = columns.filter(([name]) => rows.some((row) => row[what]?.[name] !== undefined))
  const rest = what === 'cells' ? ['goals', 'what dominates'] : []
  const head = ['', ...used.map(([, title]) => title), ...rest]
  const body = rows.map((row) => {
    const goals = row.goals.map(({ text, isReached }) => (isReached ? text : `**${text}**`))
    const cells = used.map(([name]) => row[what]?.[name] ?? '')
    return [row.title, ...cells, ...(what === 'cells' ? [goals.join('<br>'), row.dominatedBy] : [])]
  })
  return [head, head.map(() => '---'), ...body]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function machine(): string {
  const model = cpus()[0]?.model.trim() || 'unknown processor'
  const memory = Math.round(totalmem() / 1024 ** 3)
  return `${model}, ${cpus().length} cores, ${memory} GiB, ${type()} ${release()}`
}

function versions(): string {
  const packages = ['express', 'jose', 'oidc-provider', 'express-oauth2-jwt-bearer'].map((name) => {
    const file = new URL(`../../../node_modules/${name}/package.json`, import.meta.url)
    return `${name} ${JSON.parse(readFileSync(file, 'utf8')).version}`
  })
  return [`Node ${process.version.slice(1)}`, ...packages, `commit ${commit()}`].join(', ')
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}
