/**
 * `npm start`: every server and web client of the workspace, each a process of its own, until Ctrl-C
 * or until one of them stops.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { styleText } from 'node:util'

import { urls } from '@basics/sample-kit'

import { type Project, readProjects, workspaceRoot } from './projects.ts'

const colours = ['cyan', 'magenta', 'yellow', 'green', 'blue', 'red'] as const
const startTimeout = 60_000
const killTimeout = 5_000

const apps = readProjects(workspaceRoot).filter(({ kind }) => kind !== undefined)
const servers = apps.filter(({ kind }) => kind === 'server' || kind === 'web')
const programs = apps.filter((app) => !servers.includes(app))
const width = Math.max(...apps.map(({ name }) => name.length))

const stopping = new AbortController()
const children: ChildProcess[] = []
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0))
for (const app of servers) children.push(start(app))
await announce()

function start(app: Project): ChildProcess {
  const child = spawn(process.execPath, [`apps/${app.name}/src/main.ts`], {
    cwd: workspaceRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Out of the terminal's reach: a Ctrl-C must not come to it twice, for the second is a "now".
    detached: process.platform !== 'win32',
  })
  const colour = colours[servers.indexOf(app) % colours.length] ?? 'cyan'
  const prefix = styleText(colour, app.name.padEnd(width))
  copyLines(child.stdout, process.stdout, prefix)
  copyLines(child.stderr, process.stderr, prefix)
  child.on('close', (code, signal) => {
    if (stopping.signal.aborted) return
    console.error(
      `${app.name} stopped (${signal ?? `exit code ${code}`}): its last lines above say why. ` +
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
  for (const child of children) child.kill('SIGTERM')
  setTimeout(() => {
    for (const child of children) child.kill('SIGKILL')
  }, killTimeout).unref()
}

async function announce(): Promise<void> {
  const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(startTimeout)])
  const late: string[] = []
  await Promise.all(
    servers.map(async (app) => {
      if (!(await becomesHealthy(urlOf(app), signal))) late.push(app.name)
    }),
  )
  if (stopping.signal.aborted) return
  if (late.length > 0) {
    console.error(`${late.join(', ')}: not healthy after ${startTimeout / 1000} s.`)
    return stop(1)
  }
  console.log(`
${table(servers.map((app) => [app.name, urlOf(app), app.description]))}

While they run, in another terminal:
${table(programs.map((app) => [app.name, `npx node apps/${app.name}/src/main.ts`, app.description]))}

Ctrl-C stops them all.`)
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
