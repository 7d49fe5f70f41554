/**
 * What the inspector's recorder costs when nobody watches: requests per second of the token endpoint, in
 * a token service with the recorder loaded and in one without, in turns. Fails when it costs 5 % or more.
 *
 * The figure is that of a recorder which has found no inspector and listens to nothing any more: the
 * measurement waits for that, 11 s. Until then it records, and what that costs is not in the figure.
 *
 * Run it on a machine that does nothing else: `npx nx run bench:recorder-overhead`
 */
import { setTimeout as delay } from 'node:timers/promises'

import { measureTwo, type Round } from './compare/measure.ts'
import { pinLoad } from './compare/measured-server.ts'
import { requiredOperation } from './compare/operations.ts'
import { withServers } from './compare/programs.ts'
import { createRunFolder } from './compare/run-folder.ts'
import { median } from './median.ts'

const rounds = 9
/** Percent. */
const allowed = 5
/** Milliseconds after which a recorder that found no inspector listens to nothing any more. */
const recorderPatience = 11_000

const operation = { ...requiredOperation('token-es256'), count: 15_000 }
const program = 'identity-server'
// The recorder refuses to run in production, and nothing listens there.
const environment = { NODE_ENV: 'development', INSPECTOR_URL: 'http://127.0.0.1:1' }
const recorded = { ...environment, NODE_OPTIONS: '--import @basics/inspector/record' }

const removeRunFolder = await createRunFolder()
try {
  pinLoad()
  const servers = {
    without: { program, environment },
    with: { program, environment: recorded },
  }
  await withServers(servers, async (started) => {
    await delay(recorderPatience)
    compare(...(await measureTwo(operation, started, rounds)))
  })
} finally {
  await removeRunFolder()
}

function compare(without: readonly Round[], recorded: readonly Round[]): void {
  const before = without.map(({ rate }) => rate)
  const after = recorded.map(({ rate }) => rate)
  const fall = (1 - median(after) / median(before)) * 100
  console.log(`without the recorder: ${describe(before)}`)
  console.log(`with it, unwatched:   ${describe(after)}`)
  console.log(`it costs ${fall.toFixed(1)} %, at most ${allowed} % are allowed`)
  process.exitCode = fall < allowed ? 0 : 1
}

/** @param rates requests per second, round by round */
function describe(rates: readonly number[]): string {
  const list = rates.map((rate) => rate.toFixed(0)).join(' ')
  return `${median(rates).toFixed(0)} requests/s (${list})`
}
