import type { Client } from '../../model/client.ts'
import { ConfigurationError } from '../../model/configuration-error.ts'
import { registerClient } from '../../model/register-client.ts'
import { rotateSecret, type SecretRotation } from '../../model/rotate-secret.ts'
import type { ClientPage, ClientRegistry } from '../client-registry.ts'
import type { ClientStore } from '../client-store.ts'
import { RecentlyUsed } from '../recently-used.ts'
import { type DatabaseSync, openDatabase, type StatementSync } from './open-database.ts'
import { readSecrets } from './read-secrets.ts'
import { clientQueries, migrations } from './registration-schema.ts'

/**
 * How many clients are kept parsed and checked, those that asked last. To do it again costs a token request a few
 * microseconds, and it would cost more to keep each of many until V8 takes it for one that stays.
 */
const maximumKept = 500

/**
 * Clients in a SQLite file of their own, which the processes of one machine can share: each look-up
 * reads the file, so what one process changes the others see at once.
 *
 * @param path of the file. It is created, with the folder it is in, if it does not exist.
 * @param options.now the time in milliseconds since the epoch
 * @throws {Error} a sentence that says what is wrong with the file and what can be done
 */
export function sqliteClients(
  path: string,
  { now = Date.now }: { now?: () => number } = {},
): SqliteClients {
  return new SqliteClients(openDatabase(path, migrations), now)
}

/** A client store and its other side, which both answer at once. */
export class SqliteClients implements ClientStore, ClientRegistry {
  readonly #database: DatabaseSync
  readonly #now: () => number
  readonly #statements: Readonly<Record<keyof typeof clientQueries, StatementSync>>
  readonly #kept = new RecentlyUsed<string, { readonly text: string; readonly client: Client }>(
    maximumKept,
  )

  constructor(database: DatabaseSync, now: () => number) {
    this.#database = database
    this.#now = now
    const prepared = Object.entries(clientQueries).map(([name, query]) => {
      return [name, database.prepare(query)] as const
    })
    this.#statements = Object.fromEntries(prepared) as Record<
      keyof typeof clientQueries,
      StatementSync
    >
  }

  findClientById(clientId: string): Client | undefined {
    const row = this.#statements.get.get(clientId)
    if (row === undefined) return undefined
    const text = String(row.client)
    const kept = this.#kept.get(clientId)
    if (kept?.text === text) return kept.client
    const client = registerSound(readClient(text))
    this.#kept.set(clientId, { text, client })
    return client
  }

  isCorsOriginAllowed(origin: string): boolean {
    return this.#statements.findOrigin.get(origin) !== undefined
  }

  get(clientId: string): Client | undefined {
    const row = this.#statements.get.get(clientId)
    return row && readClient(String(row.client))
  }

  list({ after = '', limit }: ClientPage): Client[] {
    return this.#statements.list.all(after, limit).map(({ client }) => readClient(String(client)))
  }

  add(client: Client): boolean {
    requireServable(client)
    return this.#atomically(() => {
      const { changes } = this.#statements.add.run(client.clientId, JSON.stringify(client))
      if (changes === 1) this.#replaceOrigins(client)
      return changes === 1
    })
  }

  setEnabled(clientId: string, enabled: boolean): boolean {
    return this.#change(clientId, (client) => ({ ...client, enabled }))
  }

  rotateSecret(clientId: string, rotation: SecretRotation): boolean {
    return this.#change(clientId, (client) =>
      requireServable(rotateSecret(client, rotation, this.#now())),
    )
  }

  remove(clientId: string): boolean {
    return this.#statements.remove.run(clientId).changes === 1
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close()
  }

  /** Reads and writes in one step, so that of two changes at the same time none is lost. */
  #change(clientId: string, change: (client: Client) => Client): boolean {
    return this.#atomically(() => {
      const client = this.get(clientId)
      if (client === undefined) return false
      const changed = change(client)
      this.#statements.replace.run(clientId, JSON.stringify(changed))
      this.#replaceOrigins(changed)
      return true
    })
  }

  #replaceOrigins({ clientId, enabled, allowedCorsOrigins = [] }: Client): void {
    this.#statements.removeOrigins.run(clientId)
    if (enabled === false) return
    for (const origin of allowedCorsOrigins) this.#statements.addOrigin.run(origin, clientId)
  }

  #atomically<T>(step: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      const result = step()
      this.#database.exec('COMMIT')
      return result
    } catch (error) {
      this.#database.exec('ROLLBACK')
      throw error
    }
  }
}

/** @throws {ConfigurationError} for what the engine would not serve. */
function requireServable(client: Client): Client {
  registerClient(client)
  return client
}

/** One with a mistake stays as it is: the engine refuses it and tells the host. */
function registerSound(client: Client): Client {
  try {
    return registerClient(client)
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return client
  }
}

function readClient(text: string): Client {
  const client: Client = JSON.parse(text)
  const { clientSecrets } = client
  return clientSecrets === undefined
    ? client
    : { ...client, clientSecrets: readSecrets(clientSecrets) }
}
