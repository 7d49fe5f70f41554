import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { ConfigurationError, describeProblem, type Logger } from '@basics/openid-provider'

import {
  createRegistrations,
  type RegisteredByCommand,
  type Registrations,
} from './registrations.ts'
import { watchFile } from './watch-file.ts'

export interface ConfigurationFile {
  /** Absolute, or below the folder that the program was started in. */
  readonly path: string
  /** Whether the token service must not start without it. */
  readonly isRequired: boolean
}

/** `CONFIG`, which has to be there, or else `identity-server.json` in the data folder, which may. */
export function configurationFile(dataFolder: string): ConfigurationFile {
  const { CONFIG } = process.env
  return CONFIG
    ? { path: resolve(CONFIG), isRequired: true }
    : { path: join(dataFolder, 'identity-server.json'), isRequired: false }
}

/**
 * The registrations of this program and of a configuration file, as they are now.
 *
 * @throws {Error} naming every mistake in the file, or that it cannot be read
 */
export function readRegistrations({ path, isRequired }: ConfigurationFile): Registrations {
  if (!isRequired && !existsSync(path)) return createRegistrations()
  try {
    return createRegistrations(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new Error(describe(error, path))
  }
}

export interface OpenRegistrations extends Registrations {
  /** Stops looking for changes. */
  close(): void
}

/** What {@link openRegistrations} works with. */
export interface Surroundings {
  readonly logger: Logger
  readonly registered: RegisteredByCommand
  /** Milliseconds between two looks at the file. Default 1000. */
  readonly interval?: number
}

/**
 * The registrations of this program and of a configuration file. When the file changes, or comes into
 * being, so do they, from the next request on; a change with mistakes is refused and logged, and what
 * was there before goes on being served. So it does when the file is removed.
 *
 * @throws {Error} naming every mistake in the file, or that it cannot be read
 */
export function openRegistrations(
  { path, isRequired }: ConfigurationFile,
  { logger, registered, interval = 1000 }: Surroundings,
): OpenRegistrations {
  // Without the file first: a mistake in the registrations here is none of the file's.
  let current = createRegistrations()

  function readFile(): void {
    const registrations = createRegistrations(readFileSync(path, 'utf8'), registered)
    for (const warning of registrations.warnings)
      logger.warn({ file: path }, describeProblem(warning))
    current = registrations
    logger.info({ file: path }, 'the clients and resources of this file are served')
  }

  function readChange(): void {
    try {
      readFile()
      if (current.issuer !== issuer)
        logger.warn({ file: path }, 'IssuerUri has changed, which takes effect with the next start')
    } catch (error) {
      logger.error({ file: path }, `${describe(error, path)}\nWhat was served before still is.`)
    }
  }

  const close = watchFile(path, interval, readChange)
  if (isRequired || existsSync(path))
    try {
      readFile()
    } catch (error) {
      close()
      throw new Error(describe(error, path))
    }
  const { issuer } = current

  return { ...(issuer !== undefined && { issuer }), ...following(() => current), close }
}

/** Stores that ask, each time anew, those that are current. */
function following(current: () => Registrations): Omit<Registrations, 'issuer'> {
  return {
    clients: {
      findClientById: (clientId) => current().clients.findClientById(clientId),
      isCorsOriginAllowed: (origin) => current().clients.isCorsOriginAllowed(origin),
    },
    resources: {
      findResourcesByScope: (names) => current().resources.findResourcesByScope(names),
      findApiResourceByName: (name) => current().resources.findApiResourceByName(name),
      getAllResources: () => current().resources.getAllResources(),
    },
  }
}

function describe(error: unknown, path: string): string {
  if (error instanceof ConfigurationError) return `${path} has mistakes:\n${error.message}`
  return `${path} cannot be read: ${error instanceof Error ? error.message : error}`
}
