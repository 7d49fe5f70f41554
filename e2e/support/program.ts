import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import type { ClockAdvance, ClockAdvanced } from './movable-clock.ts'
import type { Exchange } from './record-fetch.ts'

const workspaceRoot = fileURLToPath(new URL('../..', import.meta.url))
const appSupport = ['record-fetch', 'movable-clock'].flatMap((name) => [
  '--import',
  new URL(`./${name}.ts`, import.meta.url).href,
])

/** Milliseconds until a program that was asked to stop is killed. */
const patience = 10_000

export type Environment = Readonly<Record<string, string>>

/** A process of the workspace, and what it has said so far. */
export interface Program {
  readonly stdout: string
  readonly stderr: string
  /** The requests that its `fetch` made and had answered, in that order, when it is an app. */
  readonly exchanges: readonly Exchange[]
  /** Resolves when it is gone and all it said has arrived: the exit code, or null after a signal. */
  readonly exited: Promise<number | null>
  /** Waits until what it has printed matches the pattern; rejects when it ends without that. */
  printed(pattern: RegExp): Promise<void>
  /** Moves the clock of an app ahead; what it does afterwards, it does that much later. */
  advanceClock(seconds: number): Promise<void>
  /** Asks it to stop, by SIGTERM unless told, and waits for {@link exited}. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/**
 * Runs Node from the workspace's folder.
 *
 * @param nodeArguments As on the command line: a script and its arguments.
 * @param environment What is added to the environment of these tests.
 * @param log A file to which all it prints is appended.
 */
export function startProgram(
  nodeArguments: readonly string[],
  environment: Environment = {},
  log?: string,
): Program {
  const child = spawn(process.execPath, nodeArguments, {
    cwd: workspaceRoot,
    env: { ...inheritedEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  // Its last words and its last exchanges come by different ways, each with an end of its own.
  const exited = Promise.all([once(child, 'close'), once(child, 'disconnect')]).then(
    ([[exitCode]]): number | null => exitCode,
  )
  const exchanges: Exchange[] = []
  child.on('message', (message: Exchange | ClockAdvanced) => {
    if (!('isClockAdvanced' in message)) exchanges.push(message)
  })

  const program = { stdout: '', stderr: '', exchanges, exited, printed, advanceClock, stop }
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      program[stream] += text
      if (log !== undefined) appendFileSync(log, text)
    })

  function printed(pattern: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => pattern.test(program.stdout + program.stderr) && resolve()
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', look)
      child.on('close', () => reject(new Error(`It ended without ${pattern}.\n${report(program)}`)))
      look()
    })
  }

  function advanceClock(seconds: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (message: object) => 'isClockAdvanced' in message && resolve()
      child.on('message', look)
      child.on('close', () => reject(new Error(`It ended without a clock.\n${report(program)}`)))
      child.send({ advanceSeconds: seconds } satisfies ClockAdvance)
    })
  }

  async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const killer = setTimeout(() => child.kill('SIGKILL'), patience)
    child.kill(signal)
    return exited.finally(() => clearTimeout(killer))
  }

  return program
}

/** An app of the workspace, as `npm start` starts it, but with its requests recorded and its clock movable. */
export function startApp(app: string, environment: Environment = {}): Program {
  return startProgram([...appSupport, `apps/${app}/src/main.ts`], environment)
}

/** All that is known of a program, for whoever wants to know why a test failed. */
export function report({ stdout, stderr, exchanges }: Program): string {
  return `stdout:\n${stdout}\nstderr:\n${stderr}\nexchanges:\n${JSON.stringify(exchanges, null, 2)}`
}

/**
 * Without what the Nx that runs the tests says to its tasks, since a program may run an Nx of its own,
 * and without what a shell may hold for one server, which would move them all to the same port.
 */
function inheritedEnvironment(): NodeJS.ProcessEnv {
  const isKept = (name: string) => !name.startsWith('NX_') && !['PORT', 'HOST'].includes(name)
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => isKept(name)))
}
