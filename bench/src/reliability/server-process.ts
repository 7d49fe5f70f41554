import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const workspaceRoot = fileURLToPath(new URL('../../..', import.meta.url))
const memoryReport = new URL('memory-report.ts', import.meta.url).href

/** Milliseconds. */
const startTimeout = 60_000

/** What can be started: `package.json` has the same among the inputs of the tests, which run again when it changes. */
export type App = 'identity-server' | 'resource-api'

/** A server of the workspace in a process of its own. */
export interface ServerProcess {
  readonly url: string
  readonly child: ChildProcess
  /** Whatever it has said that is no information or warning: nothing, as long as all is well. */
  readonly complaints: () => string
  /** What it holds after a garbage collection, in bytes. */
  readonly measureMemory: () => Promise<NodeJS.MemoryUsage>
  /** Ends it and waits until it is gone and all that it has said is read: the exit code, or null after SIGKILL. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>
  /** Whether it has been told to end. Until then it owes everybody an answer. */
  readonly isEnding: () => boolean
}

/**
 * Starts a server and waits until it answers on `/health`.
 *
 * @param environment All that it gets, besides what finds Node.
 * @throws {Error} with what it said, when it does not answer within a minute
 */
export async function startServer(
  app: App,
  url: string,
  environment: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const { PATH } = process.env
  const nodeArguments = ['--expose-gc', '--import', memoryReport, `apps/${app}/src/main.ts`]
  const child = spawn(process.execPath, nodeArguments, {
    cwd: workspaceRoot,
    env: { PATH, LOG_LEVEL: 'warn', NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const exited = once(child, 'close').then(([code]: (number | null)[]) => code ?? null)
  const complaints = collectComplaints(child)
  let isEnding = false
  const server: ServerProcess = {
    url,
    child,
    complaints,
    async measureMemory() {
      child.send('report memory')
      const [memory] = await once(child, 'message')
      return memory
    },
    async end(signal) {
      isEnding = true
      child.kill(signal)
      return exited
    },
    isEnding: () => isEnding,
  }
  await answers(server)
  return server
}

async function answers({ url, child, complaints, end }: ServerProcess): Promise<void> {
  const deadline = performance.now() + startTimeout
  while (child.exitCode === null && performance.now() < deadline) {
    const response = await fetch(`${url}/health`).catch(() => undefined)
    await response?.body?.cancel()
    if (response?.ok) return
    await delay(50)
  }
  await end('SIGKILL')
  throw new Error(`${url} does not answer\n${complaints()}`)
}

/** The log has a JSON object a line, with a level of 50 or more for errors; stderr has what is worse. */
function collectComplaints({ stdout, stderr }: ChildProcess): () => string {
  let complaints = ''
  let line = ''
  stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (line + text).split('\n')
    line = lines.pop() ?? ''
    for (const each of lines) if (/"level":[56]0/.test(each)) complaints += `${each}\n`
  })
  stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  return () => complaints
}
