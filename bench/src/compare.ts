/**
 * What our token service costs, beside oidc-provider and beside bare node:http, on this machine:
 * processor time, throughput, latency, start-up and memory. Writes docs/performance.md.
 *
 * `npx nx run bench:compare`, or a part of it: `npx node bench/src/compare.ts --only token-es256 --rounds 3`
 */
import { writeFile } from 'node:fs/promises'

import { apiOperation } from './compare/api-operation.ts'
import { application } from './compare/application.ts'
import { compareOperation } from './compare/compare-operation.ts'
import { besideClients, besideGrants, besideSessionTokens } from './compare/growth.ts'
import { liveGrants } from './compare/live-grants.ts'
import { pinLoad } from './compare/measured-server.ts'
import { operations } from './compare/operations.ts'
import { bothCores, memoryAfterRequests } from './compare/process-figures.ts'
import { programs, withServers } from './compare/programs.ts'
import { type Options, readOptions } from './compare/read-options.ts'
import { createReport } from './compare/report.ts'
import type { Goal, Row } from './compare/row.ts'
import { createRunFolder } from './compare/run-folder.ts'
import { signatureCosts } from './compare/signature-cost.ts'
import { startUp } from './compare/start-up.ts'
import { requireCommit } from './run-conditions.ts'

type Measurement = (rounds: number) => Promise<Row | readonly Row[]>

/** Everything that can be measured, in the order of the report. */
const measurements: Readonly<Record<string, Measurement>> = {
  ...Object.fromEntries(
    Object.entries(operations).map(([name, operation]): [string, Measurement] => [
      name,
      (rounds) => withServers(programs, (servers) => compareOperation(operation, servers, rounds)),
    ]),
  ),
  'api-es256': (rounds) => compareApis(rounds, 'ES256', 'new'),
  'api-rs256': (rounds) => compareApis(rounds, 'RS256', 'new'),
  'api-known-es256': (rounds) => compareApis(rounds, 'ES256', 'known'),
  'beside-clients': besideClients,
  'beside-grants': besideGrants,
  'beside-session-tokens': besideSessionTokens,
  'start-up': startUp,
  'both-cores': bothCores,
  memory: memoryAfterRequests,
  application,
  grants: liveGrants,
}

const shown: Readonly<Record<Goal['verdict'], string>> = { reached: 'ok', missed: 'MISSED' }

const { names, rounds, isWritten } = readCommandLine()
if (isWritten) requireCommit()
const started = new Date()
const removeRunFolder = await createRunFolder()
try {
  pinLoad()
  const rows: Row[] = []
  for (const name of names) rows.push(...(await take(name)))
  if (isWritten)
    await writeFile(
      new URL('../../docs/performance.md', import.meta.url),
      createReport(rows, rounds, started, await signatureCosts()),
    )
} finally {
  await removeRunFolder()
}

function readCommandLine(): Options {
  const known = Object.keys(measurements)
  try {
    return readOptions(process.argv.slice(2), known)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    console.error(`--only takes names with commas between them: ${known.join(', ')}`)
    console.error(
      '--rounds takes how often each is measured; with fewer than five nothing is written',
    )
    process.exit(1)
  }
}

async function take(name: string): Promise<readonly Row[]> {
  const rows = [(await measurements[name]?.(rounds)) ?? []].flat()
  for (const { title, cells, goals } of rows) {
    console.log(title)
    for (const [column, text] of Object.entries(cells)) console.log(`  ${column}: ${text}`)
    for (const { text, verdict } of goals) console.log(`  ${shown[verdict]} ${text}`)
  }
  return rows
}

/** Our resource-server in place of our token service, and its counterpart in place of the other. */
function compareApis(
  rounds: number,
  alg: 'RS256' | 'ES256',
  tokens: 'new' | 'known',
): Promise<Row> {
  return withServers({ issuer: programs.memory }, async ([issuer]) => {
    const environment = { BENCH_ISSUER: issuer?.[1].url ?? '' }
    const apis = {
      memory: { program: 'resource-server', path: '/health', environment },
      'oidc-provider': { program: 'express-oauth2-jwt-bearer', path: '/health', environment },
    }
    return withServers(apis, (servers) =>
      compareOperation(apiOperation(alg, tokens, environment.BENCH_ISSUER), servers, rounds),
    )
  })
}
