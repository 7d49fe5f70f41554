import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

const cwd = fileURLToPath(new URL('..', import.meta.url))

type Program = ChildProcessByStdio<null, Readable, Readable>

/** What a program left behind when it ended. */
export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts a program given as the source of an ES module, which imports from `./src/`. */
export function startProgram(
  t: TestContext,
  source: string,
  env: Record<string, string> = {},
): Program {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.after(() => child.kill('SIGKILL'))
  return child
}

/** Runs a program to its end. */
export async function runProgram(
  t: TestContext,
  source: string,
  env: Record<string, string> = {},
): Promise<Outcome> {
  return readOutcome(startProgram(t, source, env))
}

/** What a running program prints from now on, and how it ends. */
export async function readOutcome(child: Program): Promise<Outcome> {
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ])
  return { code, stdout, stderr }
}

interface ServerOptions {
  /** Source that adds routes to `app`. */
  readonly routes?: string
  /** Source of the options of `listen`. */
  readonly options?: string
  /** Source that serves `app` and prints `port <number>`, in place of `listen`. */
  readonly serve?: string
  readonly env?: Record<string, string>
}

/** A program that serves an Express app on a free port, up to where it listens. */
export async function startServer(
  t: TestContext,
  { routes = '', options = '{}', serve, env = {} }: ServerOptions,
) {
  const source = `
    import express from 'express'
    import { listen } from './src/listen.ts'
    const app = express()
    ${routes}
    ${serve ?? `listen(app, 'http://localhost:5002', ${options})`}`
  const child = startProgram(t, source, { PORT: '0', ...env })
  const line = await firstLine(child)
  const port = Number(/port (\d+)/.exec(line)?.[1])
  return { child, port, url: `http://127.0.0.1:${port}`, line }
}

/** What a program prints first. Fails when it ends without it, with what it complained of. */
async function firstLine(child: Program): Promise<string> {
  for await (const line of createInterface(child.stdout)) return line
  throw new Error(`the program ended: ${await text(child.stderr)}`)
}
