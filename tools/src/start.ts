/**
 * `npm start`: every server and web client of the workspace, each a process of its own, until Ctrl-C,
 * until npm is stopped, or until one of them stops. `npx nx serve <scenario>` in another terminal uses
 * those that run here.
 *
 * The inspector is one of them, and what they say to each other can be watched there; not with
 * `npm start -- --no-inspect`, and not with NODE_ENV=production. `--without mvc-basic` leaves the port of
 * one to a program from elsewhere, such as what `npm run take` has made of it.
 *
 * Not by `nx run-many -t serve`: when a server that no other task waits for dies, Nx 23 takes that for
 * a success and says nothing. So Nx is told what runs instead of being asked to run it.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { styleText } from 'node:util'

import { refuseToStart, urls, whenOrphaned } from '@basics/sample-kit'

import { compileCache, isServer, type Project, readProjects, workspaceRoot } from './projects.ts'
import { findServed, listAsServed } from './running-tasks.ts'
import { readStartOptions, type StartOptions } from './start-options.ts'

const colours = ['cyan', 'magenta', 'yellow', 'green', 'blue', 'red'] as const
const startTimeout = 60_000
// A server gives itself 5 s.
const killTimeout = 8_000

const apps = readProjects(workspaceRoot).filter(({ kind }) => kind !== undefined)
const options = readOptions()
const { isWatched } = options
const servers = options.servers.map(addUrl)
const programs = apps.filter((app) => !isServer(app))
const width = Math.max(...apps.map(({ name }) => name.length))

const served = findServed(servers.map(({ name }) => name))
if (served.length > 0)
  refuseToStart(
    `already running in this workspace: ${served.join(', ')}. Stop what runs them first`,
  )

// For one server each. Set in this shell for some other program, they would give all the same port.
const { PORT, HOST, ...environment } = process.env

const stopping = new AbortController()
const children = new Map<string, ChildProcess>()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0))
whenOrphaned(() => stop(0))
// Nobody reads what is written here any more.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => stop(1))
for (const [index, server] of servers.entries()) children.set(server.name, start(server, index))
await announce()

function readOptions(): StartOptions {
  try {
    return readStartOptions(process.argv.slice(2), apps, process.env)
  } catch (error) {
    return refuseToStart((error as Error).message)
  }
}

function start({ name, kind }: Project, index: number): ChildProcess {
  const recorder = kind === 'tool' || !isWatched ? [] : ['--import', '@basics/inspector/record']
  const child = spawn(process.execPath, [...recorder, `apps/${name}/src/main.ts`], {
    cwd: workspaceRoot,
    // As `nx serve` sets it: types are stripped, and code is compiled, once.
    env: { NODE_COMPILE_CACHE: compileCache, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Out of the terminal's reach: a Ctrl-C must not come to it twice, for the second is a "now".
    detached: process.platform !== 'win32',
  })
  listAsServed(name)
  const colour = colours[index % colours.length] ?? 'cyan'
  const prefix = styleText(colour, name.padEnd(width))
  copyLines(child.stdout, process.stdout, prefix)
  copyLines(child.stderr, process.stderr, prefix)
  child.on('close', (code, signal) => {
    if (stopping.signal.aborted) return
    console.error(
      `${name} stopped (${signal ?? `exit code ${code}`}): its last lines above say why. ` +
        'The others are stopped too.',
    )
    stop(1)
  })
  return child
}

function copyLines(from: Readable, to: Writable, prefix: string): void {
  createInterface({ input: from }).on('line', (line) => to.write(`${prefix} ${line}\n`))
}

/** Asks every child to stop; the process then ends by itself, with the last of them. */
function stop(exitCode: number): void {
  if (stopping.signal.aborted) return
  stopping.abort()
  process.exitCode = exitCode
  for (const child of children.values()) child.kill('SIGTERM')
  setTimeout(killTheRest, killTimeout).unref()
}

function killTheRest(): void {
  for (const [name, child] of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    console.error(`${name} did not stop within ${killTimeout / 1000} s and is killed.`)
    child.kill('SIGKILL')
    process.exitCode = 1
  }
}

async function announce(): Promise<void> {
  // To say how it is, an API asks the token service. So that is waited for first, or the first messages in
  // the inspector would be requests that failed; for as long as it takes, when it is to come from elsewhere.
  const elsewhere = apps.filter(isTokenService).filter(({ name }) => !children.has(name))
  for (const { name } of elsewhere) console.log(`Waiting for ${name}, from elsewhere.`)
  await findLate(elsewhere.map(addUrl), stopping.signal)
  const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(startTimeout)])
  let late = await findLate(servers.filter(isTokenService), signal)
  if (late.length === 0) late = await findLate(servers, signal)
  if (stopping.signal.aborted) return
  if (late.length > 0) {
    console.error(`${late.join(', ')}: not healthy after ${startTimeout / 1000} s.`)
    return stop(1)
  }
  console.log(`
${table(servers.map(({ name, url, description }) => [name, url, description]))}

While they run, in another terminal:
${table(programs.map(({ name, description }) => [name, `npx nx serve ${name}`, description]))}
${isWatched ? `\nTo watch what they say to each other, message by message: ${urls.inspector}\n` : ''}
Ctrl-C stops them all.`)
}

/** The names of those that are not healthy when the signal comes. */
async function findLate(
  asked: readonly { readonly name: string; readonly url: string }[],
  signal: AbortSignal,
): Promise<string[]> {
  const healthy = await Promise.all(asked.map(({ url }) => becomesHealthy(url, signal)))
  return asked.filter((_server, index) => !healthy[index]).map(({ name }) => name)
}

async function becomesHealthy(url: string, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const response = await fetch(`${url}/health`, { signal }).catch(() => undefined)
    await response?.body?.cancel()
    if (response?.ok) return true
    await delay(100)
  }
  return false
}

function isTokenService({ name }: Project): boolean {
  return name === 'identity-server'
}

function addUrl(app: Project): Project & { readonly url: string } {
  return { ...app, url: urlOf(app) }
}

function urlOf(app: Project): string {
  const key = app.name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  const url = (urls as Readonly<Record<string, string | undefined>>)[key]
  if (url === undefined) throw new Error(`${app.name} has no entry in the table of URLs`)
  return url
}

function table(rows: [name: string, where: string, description: string][]): string {
  const whereWidth = Math.max(...rows.map(([, where]) => where.length))
  return rows
    .map(([name, where, what]) => `  ${name.padEnd(width)}  ${where.padEnd(whereWidth)}  ${what}`)
    .join('\n')
}
