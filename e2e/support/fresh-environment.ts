import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { urls } from '@basics/sample-kit'

import type { Environment } from './program.ts'

/**
 * Below the ports that systems hand out to outgoing connections, and for each process that runs tests
 * others: a port found free stays free until a server takes it.
 */
const ports = { first: 12_000, perProcess: 5_000, processes: 4 }
const own = (1 + Number(process.env.TEST_PARALLEL_INDEX ?? -1)) % ports.processes
let next = Math.floor(Math.random() * ports.perProcess)

/**
 * What lets apps run beside any others: a free port for each server by its environment variable
 * (`IDENTITY_SERVER_URL`, …), and in `DATA_DIR` a new folder, which the caller removes.
 */
export async function createFreshEnvironment(): Promise<Environment & { DATA_DIR: string }> {
  const environment: Record<string, string> = {}
  for (const server of Object.keys(urls)) {
    const variable = `${server.replace(/[A-Z]/g, '_$&').toUpperCase()}_URL`
    environment[variable] = `http://localhost:${await findFreePort()}`
  }
  return { ...environment, DATA_DIR: await mkdtemp(join(tmpdir(), 'basics-')) }
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
