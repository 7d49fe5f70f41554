import { rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import { executableVariable, findChromium } from './chromium.ts'
import { createFreshEnvironment } from './fresh-environment.ts'
import { startProgram } from './program.ts'

/** All that the servers print during a run. */
export const serversLog = fileURLToPath(new URL('../servers.log', import.meta.url))

/**
 * Before the first test: finds the browser, then starts all servers as `npm start` does, on ports and
 * a data folder of their own, which reach the tests through the environment.
 *
 * @returns What stops the servers after the last test.
 */
export default async function startWorkspace(): Promise<() => Promise<void>> {
  const executable = await findChromium()
  if (executable !== undefined) process.env[executableVariable] = executable

  const environment = await createFreshEnvironment()
  Object.assign(process.env, environment)
  await writeFile(serversLog, '')
  const servers = startProgram(['tools/src/start.ts'], environment, serversLog)

  try {
    await servers.printed(/Ctrl-C stops them all/)
  } catch (error) {
    await removeDataFolder()
    throw error
  }

  return async () => {
    const exitCode = await servers.stop()
    await removeDataFolder()
    if (exitCode !== 0) throw new Error(`The servers stopped with ${exitCode}, see ${serversLog}`)
  }

  function removeDataFolder(): Promise<void> {
    return rm(environment.DATA_DIR, { recursive: true, force: true })
  }
}
