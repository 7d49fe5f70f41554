/**
 * Registers clients of the token service, also while it runs:
 *
 *   npx nx run identity-server:clients -- --help
 */
import { join } from 'node:path'

import { sqliteStore } from '@basics/openid-provider'
import { dataFolder } from '@basics/sample-kit'

import { configurationFile, readRegistrations } from '../configuration-file.ts'
import { openClients } from '../open-clients.ts'
import { runCommand, UsageError } from './run-command.ts'

const exitCodes = { refused: 1, usage: 2 }

try {
  const data = dataFolder('identity-server')
  const { output, warnings = [] } = await runCommand(process.argv.slice(2), {
    clients: openClients(),
    store: sqliteStore(join(data, 'identity-server.sqlite')),
    readRegistrations: () => readRegistrations(configurationFile(data)),
    now: Date.now,
  })
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`)
  process.stdout.write(`${output}\n`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = error instanceof UsageError ? exitCodes.usage : exitCodes.refused
}
