import type { DatabaseSync } from 'node:sqlite'

import type { EndedSession, Logout, SessionEndings } from './session-endings.ts'

export const sessionEndingsSchema = `
  CREATE TABLE IF NOT EXISTS logouts (
    jti TEXT PRIMARY KEY,
    sub TEXT,
    sid TEXT,
    issued REAL NOT NULL,
    expires REAL NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS logouts_by_sub ON logouts (sub) WHERE sub IS NOT NULL;
  CREATE INDEX IF NOT EXISTS logouts_by_sid ON logouts (sid) WHERE sid IS NOT NULL;
  CREATE INDEX IF NOT EXISTS logouts_by_expiry ON logouts (expires);`

/**
 * Seconds after its expiry until which a logout is remembered: one for clocks that differ, in which the token
 * still counts, and one for a sign-in that was on its way when it came.
 */
const remembrance = 2 * 60

/** Ends sessions in a SQLite database that has the schemas of sessions and tokens, and this one. */
export function sqliteSessionEndings(database: DatabaseSync, now: () => number): SessionEndings {
  const remember = database.prepare(
    'INSERT INTO logouts VALUES (?, ?, ?, ?, ?) ON CONFLICT (jti) DO NOTHING',
  )
  const bySid = prepareEnding(database, 'sid = :sid AND (:sub IS NULL OR sub = :sub)')
  const bySub = prepareEnding(database, 'sub = :sub AND :sid IS NULL')
  // A `sid` is not used again after its logout, so its tokens may well be newer: signing them takes a while.
  const find = database.prepare(
    `SELECT 1 FROM logouts WHERE expires > :now AND (
       (sid = :sid AND (sub IS NULL OR sub = :sub)) OR
       (sub = :sub AND sid IS NULL AND issued >= :authenticated)
     ) LIMIT 1`,
  )

  return {
    async endSessions({ jti, sub = null, sid = null, iat, exp }) {
      return atomically(database, () => {
        const { changes } = remember.run(jti, sub, sid, iat, exp + remembrance)
        if (changes === 0) return undefined
        return sid === null ? bySub({ sub, sid }) : bySid({ sub, sid })
      })
    },
    async isLoggedOut({ sub, sid = null, auth_time, iat }) {
      return find.get({ sub, sid, authenticated: auth_time ?? iat, now: now() }) !== undefined
    },
  }
}

type Named = Record<keyof Pick<Logout, 'sub' | 'sid'>, string | null>

/** A session has ended when its tokens are gone; what else it holds goes with them. */
function prepareEnding(database: DatabaseSync, condition: string) {
  const takeTokens = database.prepare(
    `DELETE FROM tokens WHERE id IN (SELECT id FROM sessions WHERE ${condition}) RETURNING id, data`,
  )
  const removeSessions = database.prepare(`DELETE FROM sessions WHERE ${condition}`)

  return (named: Named): EndedSession[] => {
    const ended = takeTokens.all(named).map(({ id, data }) => ({
      id: String(id),
      tokens: JSON.parse(String(data)),
    }))
    removeSessions.run(named)
    return ended
  }
}

function atomically<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}
