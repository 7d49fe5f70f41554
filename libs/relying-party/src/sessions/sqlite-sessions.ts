import type { Store } from 'express-session'

import { sqliteTokenStore, tokenSchema } from '../tokens/sqlite-token-store.ts'
import type { TokenStore } from '../tokens/token-store.ts'
import { openDatabase } from './open-database.ts'
import type { SessionEndings } from './session-endings.ts'
import { sessionEndingsSchema, sqliteSessionEndings } from './sqlite-session-endings.ts'
import { sessionSchema, sqliteSessionStore } from './sqlite-session-store.ts'

/** Where sessions and their tokens are kept. Processes that share it serve the same users. */
export interface SessionStorage extends SessionEndings {
  readonly sessions: Store
  readonly tokens: TokenStore
  /** May be called again. */
  readonly close: () => void
}

export interface SqliteSessionsOptions {
  /** Seconds that a session in which nobody is signed in lives after its last change. By default an hour. */
  readonly anonymousLifetime?: number
  /** Seconds since the epoch. */
  readonly now?: () => number
}

/** Milliseconds between two rounds of removing what has expired. It only saves room. */
const cleaningInterval = 10 * 60_000

/**
 * Sessions and tokens in one SQLite file: a restart of the app signs nobody out.
 *
 * @throws {Error} a sentence, when the file cannot be opened.
 */
export function sqliteSessions(path: string, options: SqliteSessionsOptions = {}): SessionStorage {
  const { anonymousLifetime = 3600, now = () => Date.now() / 1000 } = options
  const database = openDatabase(path, sessionSchema + tokenSchema + sessionEndingsSchema)
  const expired = ['sessions', 'tokens', 'token_claims', 'logouts'].map((table) =>
    database.prepare(`DELETE FROM ${table} WHERE expires <= ?`),
  )

  const cleaning = setInterval(() => {
    try {
      for (const statement of expired) statement.run(now())
    } catch (error) {
      // Another process holds the file: the next round tries again.
      console.error(`cannot remove expired sessions from ${path}:`, String(error))
    }
  }, cleaningInterval).unref()

  return {
    sessions: sqliteSessionStore(database, { anonymousLifetime, now }),
    tokens: sqliteTokenStore(database, now),
    ...sqliteSessionEndings(database, now),
    close() {
      clearInterval(cleaning)
      if (database.isOpen) database.close()
    },
  }
}
