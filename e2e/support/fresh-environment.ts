import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { urls } from '@basics/sample-kit'

import type { Environment } from './program.ts'

/**
 * Below the ports that systems hand out to outgoing connections, and for each process that runs tests
 * others: a port found free stays free until a server takes it. The processes are the workers of
 * playwright.config.ts, and the one that starts them.
 */
const ports = { first: 12_000, perProcess: 4_000, processes: 5 }
const own = (1 + Number(process.env.TEST_PARALLEL_INDEX ?? -1)) % ports.processes
let next = Math.floor(Math.random() * ports.perProcess)

export type FreshEnvironment = Environment & { readonly DATA_DIR: string }

/**
 * What lets apps run beside any others: a free port for each server by its environment variable
 * (`IDENTITY_SERVER_URL`, …), and in `DATA_DIR` a new folder, which the caller removes. An Nx has its
 * own list of running tasks in there, for those that share one share the servers, whatever their ports.
 */
export async function createFreshEnvironment(): Promise<FreshEnvironment> {
  const environment: Record<string, string> = {}
  for (const server of Object.keys(urls)) {
    const variable = `${server.replace(/[A-Z]/g, '_$&').toUpperCase()}_URL`
    environment[variable] = `http://localhost:${await findFreePort()}`
  }
  const DATA_DIR = await mkdtemp(join(tmpdir(), 'basics-'))
  return { ...environment, DATA_DIR, NX_WORKSPACE_DATA_DIRECTORY: join(DATA_DIR, 'nx') }
}

async function findFreePort(): Promise<number> {
  for (;;) {
    const port = ports.first + own * ports.perProcess + (next++ % ports.perProcess)
    if (await isFree(port)) return port
  }
}

/** Whether nothing listens on the port of this machine. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
