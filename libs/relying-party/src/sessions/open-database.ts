import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** How long to wait for a lock that another process holds, in milliseconds. */
const lockTimeout = 5_000

/** The result code of SQLite for a lock that another holds. */
const busy = 5

/**
 * Opens a SQLite file that its owner alone can read, and creates it if it does not exist. It keeps a
 * write-ahead log, so that readers and a writer, also of several processes, do not wait for each other.
 *
 * @param schema SQL that does nothing when it has been run before.
 * @throws {Error} a sentence that names the file and says what is wrong with it.
 */
export function openDatabase(path: string, schema: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    createPrivateFile(path)
    database = new DatabaseSync(path, { timeout: lockTimeout })
    useWriteAheadLog(database)
    database.exec(`BEGIN IMMEDIATE; ${schema} COMMIT`)
    return database
  } catch (error) {
    database?.close()
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(
      `cannot open ${path}: ${reason}. Move the file away to start without it: everyone then signs in again`,
      { cause: error },
    )
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
      if (!isBusy(error) || performance.now() > deadline) throw error
      database.exec('BEGIN EXCLUSIVE; COMMIT')
    }
}

/** The primary result code is the low byte of the extended one. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === busy
}
