import { describeMachine, describeVersions } from '../run-conditions.ts'
import { usualWarmUp } from './measure.ts'
import { isPinned } from './measured-server.ts'
import type { Column } from './programs.ts'
import { type Goal, number, type Row } from './row.ts'
import type { SignatureCosts } from './signature-cost.ts'
import { longWarmUp } from './user-operations.ts'

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
about nineteen minutes, and begins only when all changes are committed, for the commit below to be one that others can have.
\`npx node bench/src/compare.ts --only token-es256 --rounds 3\` prints a part and writes nothing; nor does a run of fewer than five rounds.

Machine: ${describeMachine()}.
Versions: ${describeVersions()}.
${isPinned ? 'Each server had the first core to itself, and the load the second.' : 'Servers and load shared the cores.'}

## How it was measured

- Each figure with ± is the median of ${rounds} rounds, in which the servers took turns. What came before was not counted: of operations at least
  ${number(usualWarmUp)} of each (${number(longWarmUp)} of code flow and refresh), for V8 to have compiled what they use, and of starts one, for the files to be in the
  caches. ± is half the distance between the lowest round and the highest. A figure without it was taken once.
- Of each round, twenty answers are checked when the time has been taken, the first, the last and others by chance: signatures, all claims and
  members that are known, that a reference token is active, and that tokens can be had for a code and for a refresh token. Of all answers, no
  access token or code may be the same twice. While the time is taken, an unexpected status ends the run, and so does an authorization response
  without a code, or an answer that does not come.
- The load does not sleep while it waits, except where a server may have its core. Otherwise the server would have to wake it up on the other
  core, which on a virtual machine takes up to half of an operation without a signature, and which no server does that answers another machine.
- Ours and oidc-provider are each called as they come, and neither writes a log. oidc-provider is an application of Koa, a web framework,
  which is part of its figures. Ours takes the requests of \`node:http\` without one, but is usually put into one: what identity-server takes,
  an application with Express around it, pages and a log, stands beside oidc-provider under "The process".
- oidc-provider keeps its records in a Map that forgets nothing, not even what has expired. Ours in memory removes what has expired; with
  SQLite, what was answered outlives the process, however it ends.
- oidc-provider is left at its defaults but for what clients of ours get without asking: access tokens for an API that the request does not
  name (\`resourceIndicators\` with \`defaultResource\` and \`useGrantedResource\`), which are JWTs (\`accessTokenFormat\`; its default is opaque),
  and a refresh token without \`prompt=consent\` (\`issueRefreshToken\`). Client credentials and introspection are turned on, its own login
  page is off, and the endpoints have the same paths. An access token is signed with ES256 where the row says so. In the rows of code flow and
  refresh that say RS256 there, each signs with what it takes unless it is told otherwise: ours access tokens with ES256, oidc-provider with
  RS256, and both ID Tokens with RS256. That is what the goals were set for. The rows in which both do the same have none.
- Refresh tokens are used again and again, as both do by default for a client with a secret.
- In the rows of APIs, resource-server stands in the column of ours and express-oauth2-jwt-bearer in that of oidc-provider, both in Express.
  A new JWT is one that comes for the first time, a known one is one of a hundred in use, for which nothing was asked.
- A goal is reached or missed by the median of the rounds. With rounds on both sides of it, it is so *within the noise*, and the lowest and
  the highest round stand beside it. What was taken once is reached or missed by that.
- The limit reads and signs as ours does, and does nothing else, so that ours cannot need less: where it does by more than what rounds differ
  by, that is a goal missed.
- On a virtual machine the neighbours are in the figures, and two processes of the same program need not be compiled alike, which the rounds
  of one run do not show. A goal that is missed or reached by little may be the other in the next run.

A goal in **bold** was missed, and one in *italics* was reached or missed within the noise. A signature by itself, one of many in a row,
takes ${number(signatures['sign RS256'])} µs of processor time here with RS256, and ${number(signatures['sign ES256'])} µs with ES256; to verify one takes ${number(signatures['verify RS256'])} and ${number(signatures['verify ES256'])} µs. Among other
work it takes more, by as much as the limit of a signed token is above that of a reference token and a signature. What dominates begins with
the part of our cost, in memory, that signatures would have by themselves; where there are none, with the part of the limit. The goals were
set where an RS256 signature takes 660 to 690 µs: the less of an operation the signature is, the further it is from the limit, and the less
is left for a second core.

## Processor time an operation

What one operation costs a server, in microseconds of processor time of all its threads. The goals say how many times less it is to be
than oidc-provider's (2 × is half as much), and which part of it would be left at the limit (0.8 × is four fifths): the median of the rounds' ratios.

${table(operations, 'cells', signatures)}

## Throughput and 99th percentile

Operations a second, and the time within which 99 of 100 are answered (in the best round to in the worst), with ten connections, each of which
asks as soon as it is answered.

${table(operations, 'load', signatures)}

## As there is more to keep

What one operation costs with little to look through → with much, on two servers that took turns. It is to stay the same: at
most 1.1 × as much, by the median of the rounds' ratios, which need not be the ratio of the two medians in the cell. Garbage was
collected before, since adding so much at once leaves more of it than serving does. Compare a figure with the other one of its cell: the
same operation costs another number of microseconds in another row or table, where the servers were started anew, rounds may have another
length, and the machine was at another time of the run.

${table(ofSection('growth'), 'cells', signatures)}

## The process

Start-up is the time from the start of the process to its first answer. \`nx serve\`, \`npm start\` and \`npm test\` turn Node's compile cache
on (\`NODE_COMPILE_CACHE\`), which keeps modules as V8 has compiled them, so each is compared with and without it. Memory after requests is
that of the process, which is resident. A live grant is an access token that can be revoked, of a user, a session and a grant of its own.
Where grants are kept in memory, they are counted in the heap, after garbage was collected; with SQLite in the process. Either moves by
itself as well: the process by a MiB, and the heap by some, since V8 may drop code that it compiled. A MiB is 100 bytes for each of 10,000
grants, and one byte for each of 1,000,000.

${table(ofSection('process'), 'cells', signatures)}

## Goals missed

${list(rows, isMissed)}

## Goals reached within the noise

${list(rows, (goal) => goal.isWithinNoise && !isMissed(goal))}
`
}

const isMissed = ({ verdict }: Goal) => verdict === 'missed'

function list(rows: readonly Row[], isWanted: (goal: Goal) => boolean): string {
  const found = rows.flatMap(({ title, goals }) =>
    goals.filter(isWanted).map(({ text }) => `- ${title}: ${text}`),
  )
  return found.length === 0 ? 'None in this run.' : found.join('\n')
}

/** Bold where it was missed, in italics where the rounds do not agree. */
function mark(goal: Goal): string {
  const marks = `${isMissed(goal) ? '**' : ''}${goal.isWithinNoise ? '*' : ''}`
  return marks + goal.text + marks
}

/** The part of the cost that signatures have by themselves, or else all that the limit does; and the rest. */
function describeParts(row: Row, signatureCosts: SignatureCosts): string {
  const { dominatedBy, signatures, costs } = row
  if (costs === undefined) return dominatedBy
  const describe = (part: string, cost: number) =>
    `${part}: ${Math.round((cost / costs.memory) * 100)} %; the rest: ${dominatedBy}`
  if (signatures !== undefined) {
    const cost = signatures.reduce((sum, operation) => sum + signatureCosts[operation], 0)
    return describe(signatures.join(' and '), cost)
  }
  return costs.limit === undefined
    ? dominatedBy
    : describe('node:http and reading the request, as the limit does', costs.limit)
}

function table(rows: readonly Row[], what: 'cells' | 'load', costs: SignatureCosts): string {
  const used = columns.filter(([name]) => rows.some((row) => row[what]?.[name] !== undefined))
  const rest = what === 'cells' ? ['goals', 'what dominates'] : []
  const head = ['', ...used.map(([, title]) => title), ...rest]
  const body = rows.map((row) => {
    const cells = used.map(([name]) => row[what]?.[name] ?? '')
    if (what === 'load') return [row.title, ...cells]
    return [row.title, ...cells, row.goals.map(mark).join('<br>'), describeParts(row, costs)]
  })
  return [head, head.map(() => '---'), ...body]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}
