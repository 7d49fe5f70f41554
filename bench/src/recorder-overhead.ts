/**
 * What the inspector's recorder costs when nobody watches: requests per second of the token endpoint, in
 * a token service with the recorder loaded and in one without, in turns. Fails when it costs 5 % or more.
 *
 * The figure is that of a recorder which has found no inspector and listens to nothing any more: the
 * measurement waits for that, 11 s. Until then it records, and what that costs is not in the figure.
 *
 * Run it on a machine that does nothing else: `npx nx run bench:recorder-overhead`
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import autocannon from 'autocannon'

const workspaceRoot = fileURLToPath(new URL('../..', import.meta.url))
const rounds = 9
const secondsPerRound = 3
const connections = 10
/** Percent. */
const allowed = 5
/** Milliseconds after which a recorder that found no inspector listens to nothing any more. */
const recorderPatience = 11_000

const folder = await mkdtemp(join(tmpdir(), 'recorder-overhead-'))
const servers = [
  start('without', 'http://localhost:15101', []),
  start('with', 'http://localhost:15102', ['--import', '@basics/inspector/record']),
] as const
try {
  for (const { url } of servers) await listens(url)
  await delay(recorderPatience)
  for (const server of servers) await measure(server.url)
  await compare()
} finally {
  for (const { child } of servers) child.kill()
  await rm(folder, { recursive: true, force: true })
}

async function compare(): Promise<void> {
  const rates = { with: [] as number[], without: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    // Each goes first as often as the other: what the machine does meanwhile hits both.
    for (const { name, url } of round % 2 === 0 ? servers : servers.toReversed())
      rates[name].push(await measure(url))
  }
  const [before, after] = [median(rates.without), median(rates.with)]
  const fall = (1 - after / before) * 100
  console.log(`without the recorder: ${before.toFixed(0)} requests/s (${list(rates.without)})`)
  console.log(`with it, unwatched:   ${after.toFixed(0)} requests/s (${list(rates.with)})`)
  console.log(`it costs ${fall.toFixed(1)} %, at most ${allowed} % are allowed`)
  process.exitCode = fall < allowed ? 0 : 1
}

function start<Name extends string>(
  name: Name,
  url: string,
  nodeArguments: readonly string[],
): { name: Name; url: string; child: ChildProcess } {
  const child = spawn(process.execPath, [...nodeArguments, 'apps/identity-server/src/main.ts'], {
    cwd: workspaceRoot,
    env: {
      ...process.env,
      IDENTITY_SERVER_URL: url,
      ISSUER: url,
      DATA_DIR: join(folder, name),
      // Where nothing listens.
      INSPECTOR_URL: 'http://127.0.0.1:1',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return { name, url, child }
}

async function listens(url: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/health`).catch(() => undefined)
    if (response?.ok) return
    await delay(100)
  }
}

/** Requests per second. */
async function measure(url: string): Promise<number> {
  const { requests, non2xx, errors } = await autocannon({
    url: `${url}/connect/token`,
    method: 'POST',
    headers: {
      Authorization: `Basic ${btoa('client-credentials:secret')}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials&scope=scope1',
    connections,
    duration: secondsPerRound,
  })
  if (non2xx + errors > 0) throw new Error(`${url}: ${non2xx} refusals, ${errors} errors`)
  return requests.average
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

function list(numbers: readonly number[]): string {
  return numbers.map((number) => number.toFixed(0)).join(' ')
}
