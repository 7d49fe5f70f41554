import type { DatabaseSync } from 'node:sqlite'

import type { TokenStore } from './token-store.ts'

export const tokenSchema = `
  CREATE TABLE IF NOT EXISTS tokens (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS tokens_by_expiry ON tokens (expires);`

/** Keeps tokens in a SQLite database that has the {@link tokenSchema}. */
export function sqliteTokenStore(database: DatabaseSync, now: () => number): TokenStore {
  const insert = database.prepare('INSERT INTO tokens VALUES (?, 1, ?, ?)')
  const select = database.prepare('SELECT version, data FROM tokens WHERE id = ? AND expires > ?')
  const update = database.prepare(
    'UPDATE tokens SET version = version + 1, data = ? WHERE id = ? AND version = ? AND expires > ?',
  )
  const remove = database.prepare('DELETE FROM tokens WHERE id = ?')

  return {
    async add(id, tokens, expires) {
      insert.run(id, Math.ceil(expires), JSON.stringify(tokens))
    },
    async get(id) {
      const row = select.get(id, now())
      return row && { version: Number(row.version), tokens: JSON.parse(String(row.data)) }
    },
    async replace(id, expectedVersion, tokens) {
      return update.run(JSON.stringify(tokens), id, expectedVersion, now()).changes === 1
    },
    async remove(id) {
      remove.run(id)
    },
  }
}
