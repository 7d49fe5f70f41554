/**
 * What is registered, step by step (see {@link openDatabase}): clients and resources can share a file.
 *
 * A client is JSON, as nothing asks for its parts but for the id and the origins, which have indexes.
 */
export const migrations = [
  `CREATE TABLE clients (
     client_id TEXT PRIMARY KEY NOT NULL,
     client TEXT NOT NULL
   ) STRICT;
   CREATE TABLE client_origins (
     origin TEXT NOT NULL,
     client_id TEXT NOT NULL REFERENCES clients ON DELETE CASCADE,
     PRIMARY KEY (origin, client_id)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX client_origins_by_client ON client_origins (client_id);
   CREATE TABLE resources (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     version INTEGER NOT NULL,
     resources TEXT NOT NULL
   ) STRICT;`,
]

/** Each finds its rows by an index, however many clients there are. */
export const clientQueries = {
  get: 'SELECT client FROM clients WHERE client_id = ?',
  /** ?1: the id after which it begins, ?2: at most how many. */
  list: 'SELECT client FROM clients WHERE client_id > ?1 ORDER BY client_id LIMIT ?2',
  /** Changes nothing when there is one. */
  add: 'INSERT INTO clients (client_id, client) VALUES (?1, ?2) ON CONFLICT DO NOTHING',
  replace: 'UPDATE clients SET client = ?2 WHERE client_id = ?1',
  remove: 'DELETE FROM clients WHERE client_id = ?',
  findOrigin: 'SELECT 1 FROM client_origins WHERE origin = ? LIMIT 1',
  addOrigin:
    'INSERT INTO client_origins (origin, client_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING',
  removeOrigins: 'DELETE FROM client_origins WHERE client_id = ?',
}

/** Every change has another version. */
export const resourceQueries = {
  version: 'SELECT version FROM resources',
  read: 'SELECT version, resources FROM resources',
  replace: `INSERT INTO resources (id, version, resources) VALUES (1, 1, ?1)
    ON CONFLICT DO UPDATE SET version = version + 1, resources = ?1`,
}
