import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it, type TestContext } from 'node:test'
import { Worker } from 'node:worker_threads'

import { openDatabase } from './open-database.ts'

const first = 'CREATE TABLE names (name TEXT) STRICT'
const second = "ALTER TABLE names ADD COLUMN greeting TEXT NOT NULL DEFAULT 'hello'"

/** Locks a file for moments, again and again, for 50 ms: a new file keeps no write-ahead log yet. */
const lockOften = `
  const { parentPort } = require('node:worker_threads')
  const { DatabaseSync } = require('node:sqlite')
  parentPort.on('message', (path) => {
    const database = new DatabaseSync(path, { timeout: 5000 })
    parentPort.postMessage('locking')
    const end = performance.now() + 50
    while (performance.now() < end) database.exec('BEGIN IMMEDIATE; COMMIT;'.repeat(20))
    database.close()
  })`

// Removed when all databases in them are closed.
const folders = mkdtempSync(join(tmpdir(), 'databases-'))
after(() => rmSync(folders, { recursive: true }))

describe('openDatabase', () => {
  it('creates the folder and the file', (t) => {
    open(t, join(createFolder(), 'data', 'store.db')).exec("INSERT INTO names VALUES ('a')")
  })

  it('lets nobody but the owner read its files', { skip: process.platform === 'win32' }, (t) => {
    const folder = createFolder()
    const umask = process.umask(0)
    t.after(() => process.umask(umask))
    open(t, join(folder, 'new', 'store.db')).exec("INSERT INTO names VALUES ('a')")
    writeFileSync(join(folder, 'old.db'), '')
    chmodSync(join(folder, 'old.db'), 0o644)
    open(t, join(folder, 'old.db')).exec("INSERT INTO names VALUES ('a')")

    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
    const modes = names.map((name) => [
      name,
      (statSync(join(folder, name)).mode & 0o777).toString(8),
    ])
    assert.deepEqual(Object.fromEntries(modes), {
      new: '700',
      'new/store.db': '600',
      'new/store.db-shm': '600',
      'new/store.db-wal': '600',
      'old.db': '600',
      'old.db-shm': '600',
      'old.db-wal': '600',
    })
  })

  it('writes ahead, and waits for other writers', (t) => {
    const database = open(t, join(createFolder(), 'store.db'))

    assert.equal(database.prepare('PRAGMA journal_mode').get()?.journal_mode, 'wal')
    assert.equal(database.prepare('PRAGMA synchronous').get()?.synchronous, 1)
    assert.equal(database.prepare('PRAGMA busy_timeout').get()?.timeout, 5_000)
  })

  it('can be called for a new file by several at once, and while others lock it', async (t) => {
    const program = new URL('open-database.test-thread.ts', import.meta.url)
    const threads = [startThread(t, program), startThread(t, program)]
    const locking = startThread(t, lockOften)
    const folder = createFolder()
    for (let round = 0; round < 20; round++) {
      const path = join(folder, `${round}.db`)
      await tell(locking, path)
      const answers = await Promise.all(threads.map((thread) => tell(thread, path)))

      assert.deepEqual(answers, ['opened', 'opened'])
    }
  })

  it('takes a file written by an older version to the schema of this one', (t) => {
    const path = join(createFolder(), 'store.db')
    const old = open(t, path, [first])
    old.exec("INSERT INTO names VALUES ('a')")
    old.close()

    for (const migrated of [open(t, path, [first, second]), open(t, path, [first, second])])
      assert.deepEqual(
        { ...migrated.prepare('SELECT * FROM names').get() },
        { name: 'a', greeting: 'hello' },
      )
  })

  it('leaves the file as it was when a migration fails', (t) => {
    const path = join(createFolder(), 'store.db')
    assert.throws(() => openDatabase(path, [first, 'CREATE NONSENSE']), /cannot open the store/)

    open(t, path, [first, second])
  })

  it('refuses a file written by a newer version', (t) => {
    const path = join(createFolder(), 'store.db')
    open(t, path, [first, second]).close()

    assert.throws(() => openDatabase(path, [first]), {
      message:
        `cannot open the store ${path}: a newer version of this program wrote it ` +
        '(its schema is 2, known are those up to 1). ' +
        'Run that version, or move the file away to start with an empty store',
    })
  })

  it('says what to do with a file that is no database', () => {
    const path = join(createFolder(), 'store.db')
    writeFileSync(path, 'something else entirely '.repeat(1_000))

    assert.throws(() => openDatabase(path, [first]), {
      message:
        `cannot open the store ${path}: it is damaged, or not a SQLite database. ` +
        'Put a backup in its place, or move the file away to start with an empty store',
    })
  })

  it('names the file it cannot create', () => {
    const folder = createFolder()
    writeFileSync(join(folder, 'file'), '')
    const path = join(folder, 'file', 'store.db')

    assert.throws(() => openDatabase(path, [first]), /^Error: cannot open the store .*store\.db: E/)
  })
})

function open(t: TestContext, path: string, migrations = [first]) {
  const database = openDatabase(path, migrations)
  t.after(() => {
    if (database.isOpen) database.close()
  })
  return database
}

function createFolder(): string {
  return mkdtempSync(join(folders, 'database-'))
}

function startThread(t: TestContext, program: string | URL): Worker {
  const thread = new Worker(program, { eval: typeof program === 'string' })
  t.after(() => thread.terminate())
  return thread
}

/** Tells a thread of a file, and resolves to what it answers. */
async function tell(thread: Worker, path: string): Promise<string> {
  thread.postMessage(path)
  const [answer] = await once(thread, 'message')
  return answer
}
