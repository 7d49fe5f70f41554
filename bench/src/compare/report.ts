import { roundsToWarmUp } from './measure.ts'
import type { Column } from './programs.ts'
import { number, type Row, type Verdict } from './row.ts'
import { describeMachine, describeVersions } from './run-conditions.ts'
import { isPinned } from './server-process.ts'
import type { SignatureCosts } from './signature-cost.ts'

const columns: readonly (readonly [Column, string])[] = [
  ['memory', 'ours, in memory'],
  ['sqlite', 'ours, SQLite'],
  ['oidc-provider', 'oidc-provider'],
  ['limit', 'limit'],
]

/** What `docs/performance.md` says of a run. */
export function createReport(
  rows: readonly Row[],
  rounds: number,
  started: Date,
  signatures: SignatureCosts,
): string {
  const ofSection = (section: Row['section']) => rows.filter((row) => row.section === section)
  const operations = ofSection('operation')
  return `# Performance

What the token service costs beside [oidc-provider](https://github.com/panva/node-oidc-provider), a certified server, and beside the limit:
bare \`node:http\` that reads the request and signs, and checks hardly anything.

Written by \`npx nx run bench:compare\` on ${started.toISOString().slice(0, 10)}. Run it on a machine that does nothing else: it takes
about twenty minutes, and begins only when all changes are committed, for the commit below to be one that others can have.
\`npx node bench/src/compare.ts --only token-es256 --rounds 3\` prints a part and writes nothing; nor does a run of fewer than five rounds.

Machine: ${describeMachine()}.
Versions: ${describeVersions()}.
${isPinned ? 'Each server had the first core to itself, and the load the second.' : 'Servers and load shared the cores.'}

## How it was measured

- Each figure with ± is the median of ${rounds} rounds, in which the servers took turns, after as many operations as in ${roundsToWarmUp} rounds that were
  not counted. ± is half the distance between the lowest round and the highest. A figure without it was taken once.
- The answers are checked before the time is taken: signatures, claims, members. While it is taken, an unexpected status ends the run, and so
  does an authorization response without a code.
- Ours and oidc-provider are called by \`node:http\` directly, without a web framework around them, and neither writes a log: as an
  application, identity-server has Express around it and logs with pino, which costs more.
- oidc-provider keeps its records in a Map that forgets nothing, not even what has expired, and is otherwise left at its defaults. Ours
  in memory removes what has expired; with SQLite, what was answered outlives the process, however it ends.
- Refresh tokens are used again and again, as both do by default for a client with a secret.
- In the rows of APIs, resource-server stands in the column of ours and express-oauth2-jwt-bearer in that of oidc-provider, both in Express.
  A new JWT is one that comes for the first time, a known one is one of a hundred in use.
- A goal is reached or missed when every round is on that side of it. With rounds on both sides it is *within the noise*, whichever side the
  median is on, and the lowest and the highest round stand beside it. What was taken once is reached or missed by that.
- On a virtual machine the neighbours are in the figures: of two runs on the same one, the ratios differed by up to a third, which
  the rounds of one run need not show. A goal that is missed or reached by less than that may be the other in the next run.

A goal in **bold** was missed, and one in *italics* is within the noise. A signature by itself takes ${number(signatures.RS256)} µs of processor time here with RS256, and ${number(signatures.ES256)} µs with ES256. The goals were
set where RS256 takes 660 to 690 µs: the less of an operation the signature is, the further it is from the limit, and the less is left
for a second core.

## Processor time an operation

What one operation costs a server, in microseconds of processor time of all its threads. The goals say how many times less it is to be
than oidc-provider's (2 × is half as much), and which part of it would be left at the limit (0.8 × is four fifths): the median of the rounds' ratios.

${table(operations, 'cells')}

## Throughput and 99th percentile

Operations a second, and the time within which 99 of 100 are answered, with ten connections, each of which asks as soon as it is answered.

${table(operations, 'load')}

## As there is more to keep

What one operation costs with little to look through → with much, on two servers that took turns. It is to stay the same: at
most 1.1 × as much. Garbage was collected before, since adding so much at once leaves more of it than serving does. Compare a figure with
the other one of its cell: the same operation costs another number of microseconds in another row or table, where the servers were started
anew, rounds may have another length, and the machine was at another time of the run.

${table(ofSection('growth'), 'cells')}

## The process

Start-up is the time from the start of the process to its first answer. \`nx serve\`, \`npm start\` and \`npm test\` turn Node's compile cache
on (\`NODE_COMPILE_CACHE\`), which keeps modules as V8 has compiled them, so each is compared with and without it. Memory after requests is
that of the process, which is resident. A live grant is an access token that can be revoked, of a user, a session and a grant of its own.
Where grants are kept in memory, they are counted in the heap, after garbage was collected; with SQLite in the process. Either moves by
itself as well: the process by a MiB, and the heap by some, since V8 may drop code that it compiled. A MiB is 100 bytes for each of 10,000
grants, and one byte for each of 1,000,000.

${table(ofSection('process'), 'cells')}

## Goals missed

${list(rows, 'missed')}

## Goals within the noise

${list(rows, 'within the noise')}
`
}

function list(rows: readonly Row[], wanted: Verdict): string {
  const found = rows.flatMap(({ title, goals }) =>
    goals.filter(({ verdict }) => verdict === wanted).map(({ text }) => `- ${title}: ${text}`),
  )
  return found.length === 0 ? 'None in this run.' : found.join('\n')
}

/** What a goal stands between in a table, by its verdict. */
const marks: Readonly<Record<Verdict, string>> = {
  reached: '',
  missed: '**',
  'within the noise': '*',
}

function table(rows: readonly Row[], what: 'cells' | 'load'): string {
  const used = columns.filter(([name]) => rows.some((row) => row[what]?.[name] !== undefined))
  const rest = what === 'cells' ? ['goals', 'what dominates'] : []
  const head = ['', ...used.map(([, title]) => title), ...rest]
  const body = rows.map((row) => {
    const goals = row.goals.map(({ text, verdict }) => marks[verdict] + text + marks[verdict])
    const cells = used.map(([name]) => row[what]?.[name] ?? '')
    return [row.title, ...cells, ...(what === 'cells' ? [goals.join('<br>'), row.dominatedBy] : [])]
  })
  return [head, head.map(() => '---'), ...body]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}
