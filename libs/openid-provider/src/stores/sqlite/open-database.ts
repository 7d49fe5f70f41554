import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'

/** How long to wait for a lock another process holds, in milliseconds. A write holds it for well under one. */
const lockTimeout = 5_000

/** The result codes of SQLite that say more here than their message does. */
const [busy, corrupt, notADatabase] = [5, 11, 26]

/**
 * Opens a SQLite file that its owner alone can read, and creates it if it does not exist. The only
 * place that knows `node:sqlite`.
 *
 * It keeps a write-ahead log, synchronised now and then: what was written survives the end of the
 * process in whatever way it ends, and no power cut damages the file, though one can undo the last moments.
 *
 * @param migrations SQL that leads from each version of the schema to the next. A file remembers how
 *   many of them it has seen, so they are never changed, only added to.
 * @throws {Error} a sentence that says what is wrong with the file and what can be done
 * @see {@link https://www.sqlite.org/wal.html#performance_considerations Write-Ahead Logging}
 */
export function openDatabase(path: string, migrations: readonly string[]): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    createPrivateFile(path)
    database = new DatabaseSync(path, { timeout: lockTimeout })
    useWriteAheadLog(database)
    migrate(database, migrations)
    return database
  } catch (error) {
    database?.close()
    throw new Error(`cannot open the store ${path}: ${explain(error)}`, { cause: error })
  }
}

/** Made before SQLite opens it, whose own files would be for all to read. Its log takes over the mode. */
function createPrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    // By its path: to open and close the file would release the locks this process has on it.
    chmodSync(path, 0o600)
  }
}

/**
 * SQLite waits for who writes before it reads, but not between reading and writing. Changing the mode of a
 * file is both: where several do it at once, all but one fail. They wait by what only locks, and try again.
 */
function useWriteAheadLog(database: DatabaseSync): void {
  const deadline = performance.now() + lockTimeout
  for (;;)
    try {
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
      return
    } catch (error) {
      if (readResultCode(error) !== busy || performance.now() > deadline) throw error
      database.exec('BEGIN EXCLUSIVE; COMMIT')
    }
}

function migrate(database: DatabaseSync, migrations: readonly string[]): void {
  database.exec('BEGIN IMMEDIATE')
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version)
  if (version > migrations.length)
    throw new Error(
      `a newer version of this program wrote it (its schema is ${version}, known are those up to ` +
        `${migrations.length}). Run that version, or move the file away to start with an empty store`,
    )
  for (const migration of migrations.slice(version)) database.exec(migration)
  database.exec(`PRAGMA user_version = ${migrations.length}; COMMIT`)
}

function explain(error: unknown): string {
  const code = readResultCode(error)
  if (code === corrupt || code === notADatabase)
    return (
      'it is damaged, or not a SQLite database. ' +
      'Put a backup in its place, or move the file away to start with an empty store'
    )
  return error instanceof Error ? error.message : String(error)
}

/** The primary result code, which is the low byte of the extended one. */
function readResultCode(error: unknown): number | undefined {
  if (!(error instanceof Error && 'errcode' in error)) return undefined
  return Number(error.errcode) & 0xff
}
