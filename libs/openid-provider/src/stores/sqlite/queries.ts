import type { RecordCriteria } from '../record-filter.ts'

/**
 * The schema, step by step (see {@link openDatabase}).
 *
 * Partial indexes: a record without an owner, such as a client's own token, is not written to them.
 */
export const migrations = [
  `CREATE TABLE records (
     id INTEGER PRIMARY KEY,
     type TEXT NOT NULL,
     key TEXT NOT NULL,
     client_id TEXT,
     subject TEXT,
     session_id TEXT,
     grant_id TEXT,
     created INTEGER NOT NULL,
     expires INTEGER,
     data TEXT NOT NULL,
     UNIQUE (type, key)
   ) STRICT;
   CREATE INDEX records_by_client ON records (client_id) WHERE client_id IS NOT NULL;
   CREATE INDEX records_by_subject ON records (subject) WHERE subject IS NOT NULL;
   CREATE INDEX records_by_session ON records (session_id) WHERE session_id IS NOT NULL;
   CREATE INDEX records_by_grant ON records (grant_id) WHERE grant_id IS NOT NULL;
   CREATE INDEX records_by_expiry ON records (expires) WHERE expires IS NOT NULL;`,
  `ALTER TABLE records ADD COLUMN due INTEGER;
   CREATE INDEX records_by_due ON records (type, due) WHERE due IS NOT NULL;`,
  // To find a session's login costs the same however many codes and tokens were issued in it.
  `DROP INDEX records_by_client;
   DROP INDEX records_by_subject;
   DROP INDEX records_by_session;
   CREATE INDEX records_by_client ON records (client_id, type) WHERE client_id IS NOT NULL;
   CREATE INDEX records_by_subject ON records (subject, type) WHERE subject IS NOT NULL;
   CREATE INDEX records_by_session ON records (session_id, type) WHERE session_id IS NOT NULL;`,
]

const columns = 'type, key, client_id, subject, session_id, grant_id, created, expires, data, due'
const insert = `INSERT INTO records (${columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`
const details = `client_id = ?3, subject = ?4, session_id = ?5, grant_id = ?6, created = ?7, expires = ?8, data = ?9, due = ?10`

/** Each is one statement, and so one atomic step. Times are in milliseconds since the epoch. */
export const queries = {
  /** ?1 to ?10: the columns, ?11: now. What has expired is overwritten as if it were not there. */
  add: `${insert} ON CONFLICT DO UPDATE SET ${details} WHERE expires <= ?11`,
  /** ?1 to ?10: the columns. */
  store: `${insert} ON CONFLICT DO UPDATE SET ${details}`,
  /** ?1 to ?10: the columns, ?11: now. */
  replace: `UPDATE records SET ${details} WHERE type = ?1 AND key = ?2 AND ${live('?11')}`,
  /** ?1 to ?10: the columns, ?11: now, ?12 and ?13: what they supersede. A third with their key is replaced. */
  supersede: `UPDATE OR REPLACE records SET type = ?1, key = ?2, ${details} WHERE type = ?12 AND key = ?13 AND ${live('?11')}`,
  /** ?1: type, ?2: key, ?3: now. */
  get: `SELECT ${columns} FROM records WHERE type = ?1 AND key = ?2 AND ${live('?3')}`,
  /** ?1: type, ?2: key, ?3: now. */
  take: `DELETE FROM records WHERE type = ?1 AND key = ?2 AND ${live('?3')} RETURNING ${columns}`,
  /** ?1: type, ?2: now, ?3: at most how many, ?4: when they are due again. */
  claimDue: `UPDATE records SET due = ?4 WHERE id IN
    (SELECT id FROM records WHERE type = ?1 AND due <= ?2 AND ${live('?2')} ORDER BY due LIMIT ?3)
    RETURNING ${columns}`,
  /** ?1: type, ?2: key. */
  remove: 'DELETE FROM records WHERE type = ?1 AND key = ?2',
  /** ?1: now, ?2: at most how many. */
  removeExpired: `DELETE FROM records WHERE id IN
    (SELECT id FROM records WHERE expires <= ?1 ORDER BY expires LIMIT ?2)`,
}

/** ?1: now, then the parameters that {@link where} says. */
export function getAllQuery(criteria: RecordCriteria): string {
  return `SELECT ${columns} FROM records WHERE ${live('?1')} AND ${where(criteria)}`
}

/** The parameters are those that {@link where} says. */
export function removeAllQuery(criteria: RecordCriteria): string {
  return `DELETE FROM records WHERE ${where(criteria)}`
}

/**
 * A parameter for each owner, and one for each type.
 *
 * The first owner is looked up in its index. The plus sign keeps SQLite from choosing the index of
 * another, which could lead it through a client's million records to find one session's.
 *
 * @see {@link https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_ Disqualifying WHERE-Clause Terms Using Unary "+"}
 */
function where({ types, owners }: RecordCriteria): string {
  const conditions = owners.map(([field], index) => `${index === 0 ? field : `+${field}`} = ?`)
  if (types !== undefined) conditions.push(`type IN (${types.map(() => '?').join()})`)
  return conditions.join(' AND ')
}

function live(now: string): string {
  return `(+expires IS NULL OR +expires > ${now})`
}
