import { registerResources } from '../../model/register-resources.ts'
import type { Resources } from '../../model/resources.ts'
import { inMemoryResources } from '../memory/in-memory-resources.ts'
import type { ResourceStore } from '../resource-store.ts'
import type { Awaitable } from '../store.ts'
import { openDatabase } from './open-database.ts'
import { readSecrets } from './read-secrets.ts'
import { migrations, resourceQueries } from './registration-schema.ts'

/** The side of a resource store on which resources are managed. */
export interface ResourceRegistry {
  /**
   * Puts these in place of all there are: they refer to each other, and are checked together.
   *
   * @throws {ConfigurationError} listing every mistake; then all stays as it is.
   */
  replaceAll(resources: Resources): Awaitable<void>
  /** Releases what it holds. It is not used afterwards. */
  close(): Awaitable<void>
}

const none: Resources = { identityResources: [], apiScopes: [], apiResources: [] }

/**
 * Resources in a SQLite file, which may be the one of `sqliteClients`. There are few of them, so they
 * are kept in memory and read again when another version is there: what one process changes the others
 * see at once.
 *
 * @param path of the file. It is created, with the folder it is in, if it does not exist.
 * @throws {Error} a sentence that says what is wrong with the file and what can be done
 */
export function sqliteResources(path: string): ResourceStore & ResourceRegistry {
  const database = openDatabase(path, migrations)
  const readVersion = database.prepare(resourceQueries.version)
  const read = database.prepare(resourceQueries.read)
  const replace = database.prepare(resourceQueries.replace)
  let kept = { version: 0, store: inMemoryResources(none) }

  function current(): ResourceStore {
    const version = Number(readVersion.get()?.version ?? 0)
    if (version === kept.version) return kept.store
    const row = read.get()
    const resources = readResources(String(row?.resources))
    // Of one row, as another process may have written between the two.
    kept = { version: Number(row?.version), store: inMemoryResources(resources) }
    return kept.store
  }

  return {
    findResourcesByScope: (names) => current().findResourcesByScope(names),
    findApiResourceByName: (name) => current().findApiResourceByName(name),
    getAllResources: () => current().getAllResources(),
    replaceAll(resources) {
      replace.run(JSON.stringify(registerResources(resources)))
    },
    close() {
      if (database.isOpen) database.close()
    },
  }
}

function readResources(text: string): Resources {
  const resources: Resources = JSON.parse(text)
  const apiResources = resources.apiResources.map((api) =>
    api.apiSecrets === undefined ? api : { ...api, apiSecrets: readSecrets(api.apiSecrets) },
  )
  return { ...resources, apiResources }
}
