import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

import { Connection, get } from './connection.ts'
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

/** A server in a process of its own, with a channel to ask it what it has used. */
export class ServerProcess {
  readonly url: string
  /** Milliseconds from the start of the process to its first answer. */
  readonly startup: number
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, url: string, startup: number) {
    this.#child = child
    this.url = url
    this.startup = startup
  }

  static async start(options: ServerOptions): Promise<ServerProcess> {
    const { program, environment, cores = '0' } = options
    const { path = '/.well-known/openid-configuration' } = options
    const started = performance.now()
    const file = fileURLToPath(new URL(`servers/${program}.ts`, import.meta.url))
    const node = [process.execPath, '--expose-gc', file]
    const command = isPinned ? ['taskset', '-c', cores, ...node] : node
    const child = spawn(command[0] ?? '', command.slice(1), {
      env: { ...process.env, NODE_ENV: 'production', ...environment },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const url = await Promise.race([
      once(child, 'message').then(([message]) => String(message)),
      once(child, 'exit').then(() => {
        throw new Error(`${program} did not start`)
      }),
    ])
    const connection = await Connection.open(url)
    await connection.send(get(path))
    connection.close()
    return new ServerProcess(child, url, performance.now() - started)
  }

  async ask<Name extends keyof Questions>(ask: Name, count?: number): Promise<Questions[Name]> {
    this.#child.send({ ask, ...(count !== undefined && { count }) } satisfies Question)
    const [answer] = await once(this.#child, 'message')
    return answer
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit')
    this.#child.disconnect()
    await gone
  }
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
