import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { Connection, get, patience } from './connection.ts'
import type { Question, Questions } from './servers/serve.ts'

/** Servers get the first core and the load the second, where there are two and the system can do so. */
export const isPinned = availableParallelism() > 1 && hasTaskset()

export interface ServerOptions {
  /** Of the file in `servers/`. */
  readonly program: string
  readonly environment?: Readonly<Record<string, string>>
  /** Default: the first. */
  readonly cores?: string
  /** What it answers with 200 once it has started. Default: the discovery document. */
  readonly path?: string
}

/** Milliseconds within which a process has to be there. */
const patienceToStart = 60_000

/** Says which server failed, and how its process ended if it did. */
class ServerFailure extends Error {}

/** A server in a process of its own, with a channel to ask it what it has used. */
export class MeasuredServer {
  #url = ''
  #startup = Number.NaN
  readonly #name: string
  readonly #child: ChildProcess
  /** How it ended, once it has. */
  readonly #end: Promise<string>

  private constructor(name: string, child: ChildProcess) {
    this.#name = name
    this.#child = child
    this.#end = new Promise((resolve) => {
      child.once('error', ({ message }) => resolve(message))
      child.once('exit', (code, signal) =>
        resolve(
          signal === null
            ? `its process ended with exit code ${code}`
            : `its process was ended by ${signal}`,
        ),
      )
    })
  }

  get url(): string {
    return this.#url
  }

  /** Milliseconds from the start of the process to its first answer. */
  get startup(): number {
    return this.#startup
  }

  /**
   * @param name that errors are to tell it by
   * @throws {Error} with that name, when it does not start
   */
  static async start(options: ServerOptions, name = options.program): Promise<MeasuredServer> {
    const started = performance.now()
    const server = new MeasuredServer(name, spawnServer(options))
    try {
      const signal = AbortSignal.timeout(patienceToStart)
      const [url] = await server.during(once(server.#child, 'message', { signal }))
      server.#url = url
      const { path = '/.well-known/openid-configuration' } = options
      await server.during(Connection.once(url, (connection) => connection.send(get(path))))
    } catch (error) {
      await server.stop()
      throw error
    }
    server.#startup = performance.now() - started
    return server
  }

  ask<Name extends keyof Questions>(ask: Name, count?: number): Promise<Questions[Name]> {
    const answered = once(this.#child, 'message').then(([answer]) => answer)
    const question: Question = { ask, ...(count !== undefined && { count }) }
    // Whom it cannot be sent to has ended, which is noticed below.
    this.#child.send(question, () => {})
    return this.during(answered)
  }

  /**
   * Waits for something that the server has a part in.
   *
   * @throws {Error} with the name of the server, when that fails or the process ends meanwhile
   */
  async during<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await Promise.race([work, this.#end.then((end) => Promise.reject(new Error(end)))])
    } catch (error) {
      if (error instanceof ServerFailure) throw error
      throw new ServerFailure(`${this.#name}: ${await this.#describe(error)}`, { cause: error })
    }
  }

  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect()
    // One that hangs does not see it.
    const isGone = await Promise.race([this.#end, setTimeout(patience, false, { ref: false })])
    if (isGone === false) this.#child.kill('SIGKILL')
    await this.#end
  }

  /** A connection breaks a moment before the process is known to have ended. */
  async #describe(error: unknown): Promise<string> {
    const message = error instanceof Error ? error.message : String(error)
    const end = await Promise.race([this.#end, setTimeout(500, '', { ref: false })])
    return end === '' || end === message ? message : `${message}; ${end}`
  }
}

function spawnServer({ program, environment, cores = '0' }: ServerOptions): ChildProcess {
  const file = fileURLToPath(new URL(`servers/${program}.ts`, import.meta.url))
  const node = [process.execPath, '--expose-gc', file]
  const command = isPinned ? ['taskset', '-c', cores, ...node] : node
  return spawn(command[0] ?? '', command.slice(1), {
    env: { ...process.env, NODE_ENV: 'production', ...environment },
    // The log of an application is written, and not shown.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}

/** Keeps this process, which makes the load, away from the servers' core. */
export function pinLoad(): void {
  if (isPinned) execFileSync('taskset', ['-acp', '1', String(process.pid)], { stdio: 'ignore' })
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
