import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'

import type { TokenRecord, TokenStore } from './token-store.ts'

export const tokenSchema = `
  CREATE TABLE IF NOT EXISTS tokens (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS tokens_by_expiry ON tokens (expires);
  CREATE TABLE IF NOT EXISTS token_claims (
    id TEXT PRIMARY KEY,
    claimant TEXT NOT NULL,
    expires REAL NOT NULL
  ) STRICT;`

/** Keeps tokens in a SQLite database that has the {@link tokenSchema}. */
export function sqliteTokenStore(database: DatabaseSync, now: () => number): TokenStore {
  const insert = database.prepare('INSERT INTO tokens VALUES (?, 1, ?, ?)')
  const select = database.prepare('SELECT version, data FROM tokens WHERE id = ? AND expires > ?')
  const update = database.prepare(
    'UPDATE tokens SET version = version + 1, data = ? WHERE id = ? AND version = ? AND expires > ?',
  )
  const take = database.prepare(
    'DELETE FROM tokens WHERE id = ? AND expires > ? RETURNING version, data',
  )
  const claim = database.prepare(
    `INSERT INTO token_claims VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE
     SET claimant = excluded.claimant, expires = excluded.expires WHERE expires <= ?`,
  )
  const release = database.prepare('DELETE FROM token_claims WHERE id = ? AND claimant = ?')

  return {
    async add(id, tokens, expires) {
      insert.run(id, Math.ceil(expires), JSON.stringify(tokens))
    },
    async get(id) {
      return readRecord(select.get(id, now()))
    },
    async replace(id, expectedVersion, tokens) {
      return update.run(JSON.stringify(tokens), id, expectedVersion, now()).changes === 1
    },
    async take(id) {
      return readRecord(take.get(id, now()))
    },
    async claim(id, claimant, lifetime) {
      return claim.run(id, claimant, now() + lifetime, now()).changes === 1
    },
    async release(id, claimant) {
      release.run(id, claimant)
    },
  }
}

function readRecord(row: Record<string, SQLOutputValue> | undefined): TokenRecord | undefined {
  return row && { version: Number(row.version), tokens: JSON.parse(String(row.data)) }
}
