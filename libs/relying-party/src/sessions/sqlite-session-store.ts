import { hash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'

import session from 'express-session'

export const sessionSchema = `
  CREATE TABLE IF NOT EXISTS sessions (
    key TEXT PRIMARY KEY,
    id TEXT,
    sub TEXT,
    sid TEXT,
    expires INTEGER NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS sessions_by_sub ON sessions (sub) WHERE sub IS NOT NULL;
  CREATE INDEX IF NOT EXISTS sessions_by_sid ON sessions (sid) WHERE sid IS NOT NULL;
  CREATE INDEX IF NOT EXISTS sessions_by_expiry ON sessions (expires);`

export interface SessionStoreOptions {
  /** Seconds that a session in which nobody is signed in lives after its last change. */
  readonly anonymousLifetime: number
  /** Seconds since the epoch. */
  readonly now: () => number
}

/** Keeps express-sessions in a SQLite database that has the {@link sessionSchema}. */
export function sqliteSessionStore(
  database: DatabaseSync,
  { anonymousLifetime, now }: SessionStoreOptions,
): session.Store {
  const upsert = database.prepare('INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?, ?, ?)')
  const select = database.prepare('SELECT data FROM sessions WHERE key = ? AND expires > ?')
  const remove = database.prepare('DELETE FROM sessions WHERE key = ?')

  return createStore({
    get(sid) {
      const row = select.get(createKey(sid), now())
      return row === undefined ? null : JSON.parse(String(row.data))
    },
    set(sid, data) {
      const { signIn } = data
      const expires = Math.ceil(signIn?.expiresAt ?? now() + anonymousLifetime)
      upsert.run(
        createKey(sid),
        signIn?.id ?? null,
        readText(signIn?.claims.sub),
        readText(signIn?.claims.sid),
        expires,
        JSON.stringify(data),
      )
    },
    destroy(sid) {
      remove.run(createKey(sid))
    },
  })
}

/** Whoever reads the file must not be able to make cookies of it. */
function createKey(sid: string): string {
  return hash('sha256', sid, 'base64url')
}

function readText(claim: unknown): string | null {
  return typeof claim === 'string' ? claim : null
}

interface Operations {
  get(sid: string): session.SessionData | null
  set(sid: string, data: session.SessionData): void
  destroy(sid: string): void
}

/** express-session wants a subclass whose methods answer by callback, and never before they return. */
function createStore(operations: Operations): session.Store {
  function answer<T>(callback: ((error: unknown, value?: T) => void) | undefined, work: () => T) {
    new Promise<T>((resolve) => resolve(work())).then(
      (value) => callback?.(null, value),
      (error) => callback?.(error),
    )
  }

  class SqliteSessionStore extends session.Store {
    override get(
      sid: string,
      callback: (error: unknown, data?: session.SessionData | null) => void,
    ) {
      answer(callback, () => operations.get(sid))
    }
    override set(sid: string, data: session.SessionData, callback?: (error?: unknown) => void) {
      answer(callback, () => operations.set(sid, data))
    }
    override destroy(sid: string, callback?: (error?: unknown) => void) {
      answer(callback, () => operations.destroy(sid))
    }
  }
  return new SqliteSessionStore()
}
