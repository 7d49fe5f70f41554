import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it, type TestContext } from 'node:test'

import { nextMessage, startProcess } from '../../../test-support/test-process.ts'
import { createRecord } from '../contract/create-record.ts'
import { describeStore } from '../contract/store-contract.ts'
import { handlesOf, hashHandle } from '../handles.ts'
import { readRecordFilter } from '../record-filter.ts'
import type { RecordFilter, Store } from '../store.ts'
import { openDatabase } from './open-database.ts'
import { getAllQuery, migrations, queries, removeAllQuery } from './queries.ts'
import type { Task } from './sqlite-store.test-process.ts'
import { sqliteStore } from './sqlite-store.ts'

const program = new URL('sqlite-store.test-process.ts', import.meta.url)

// Removed when all stores in them are closed.
const folders = mkdtempSync(join(tmpdir(), 'stores-'))
after(() => rmSync(folders, { recursive: true }))

describeStore('sqlite store', (t, now) => open(t, createPath(), now))

describe('sqlite store, its file', () => {
  it('keeps records when it is opened again', async (t) => {
    const path = createPath()
    const first = open(t, path)
    await first.store(createRecord())
    await first.close()

    assert.deepEqual(await open(t, path).get('code', 'k'), createRecord())
  })

  it('has no handle in it', async (t) => {
    const path = createPath()
    const tokens = handlesOf(open(t, path), 'reference_token', () => 0)
    const handle = await tokens.issue({ scope: ['a'] }, { expires: 1_000 })
    await tokens.get(handle)

    const folder = join(path, '..')
    const files = readdirSync(folder)
    const content = Buffer.concat(files.map((file) => readFileSync(join(folder, file))))
    assert.deepEqual(files.sort(), ['store.db', 'store.db-shm', 'store.db-wal'])
    assert.equal(content.includes(hashHandle(handle)), true)
    assert.equal(content.includes(handle), false)
    assert.equal(content.includes(Buffer.from(handle, 'base64url')), false)
  })

  it('keeps its log short', async (t) => {
    const path = createPath()
    const store = open(t, path)
    const keys = Array.from({ length: 2_000 }, (_, n) => hashHandle(String(n)))
    for (const key of keys) await store.store(createRecord({ key }))
    for (const key of keys) await store.take('code', key)

    // SQLite starts over at 1,000 pages of 4 KiB.
    assert.ok(statSync(`${path}-wal`).size < 5_000_000)
  })

  it('has every record that was acknowledged before its process was killed', async (t) => {
    const path = createPath()
    const writer = await startProcess(t, program)
    const acknowledged: string[] = []
    writer.send({ task: 'store until killed', path, key: 'k' } satisfies Task)
    writer.on('message', (key: string) => {
      if (acknowledged.push(key) === 200) writer.kill('SIGKILL')
    })
    const [, signal] = await once(writer, 'close')

    assert.equal(signal, 'SIGKILL')
    const store = open(t, path)
    for (const key of acknowledged) assert.notEqual(await store.get('code', key), undefined, key)
  })
})

describe('sqlite store, writes that come together', () => {
  it('are answered as if they had come one by one', async (t) => {
    const store = open(t, createPath())
    const answers = await Promise.all([
      store.add(createRecord()),
      store.add(createRecord()),
      store.take('code', 'k'),
      store.take('code', 'k'),
      store.replace(createRecord()),
    ])

    assert.deepEqual(answers, [true, false, createRecord(), undefined, false])
  })

  const brokenRecords: [what: string, parts: object][] = [
    ['a value that cannot be bound', { subject: {} }],
    ['a value of another type than its column', { created: 0.5 }],
  ]
  for (const [what, parts] of brokenRecords) {
    it(`are kept, each once, except for one with ${what}`, async (t) => {
      const path = createPath()
      const store = open(t, path)
      await store.store(createRecord({ key: 'taken' }))
      const [taken, broken, added] = await Promise.allSettled([
        store.take('code', 'taken'),
        store.store({ ...createRecord({ key: 'broken' }), ...parts }),
        store.add(createRecord({ key: 'added' })),
      ])

      assert.deepEqual(taken, { status: 'fulfilled', value: createRecord({ key: 'taken' }) })
      assert.equal(broken.status, 'rejected')
      assert.deepEqual(added, { status: 'fulfilled', value: true })
      const kept = await open(t, path).getAll({ type: 'code' })
      assert.deepEqual(kept, [createRecord({ key: 'added' })])
    })
  }

  const failures: [of: string, trigger: string, message: string][] = [
    ['is ended', "SELECT RAISE(ROLLBACK, 'ended')", 'ended'],
    ['cannot be committed', 'INSERT INTO children VALUES (1)', 'FOREIGN KEY constraint failed'],
  ]
  for (const [what, trigger, message] of failures) {
    it(`fail together if the transaction ${what}, and the next ones are kept`, async (t) => {
      const path = createPath()
      const store = open(t, path)
      failTransactions(path, trigger)
      const fails = createRecord({ key: 'fails' })
      const answers = await Promise.allSettled([store.store(createRecord()), store.store(fails)])

      const reasons = answers.map((answer) => answer.status === 'rejected' && answer.reason.message)
      assert.deepEqual(reasons, [message, message])
      assert.equal(await store.get('code', 'k'), undefined)
      await Promise.all([store.store(createRecord()), store.remove('code', 'other')])
      assert.deepEqual(await open(t, path).get('code', 'k'), createRecord())
    })
  }

  it('are kept when the store is closed at once', async (t) => {
    const path = createPath()
    const store = open(t, path)
    const stored = store.store(createRecord())
    await store.close()
    await stored

    assert.deepEqual(await open(t, path).get('code', 'k'), createRecord())
  })
})

describe('sqlite store, shared by two processes', () => {
  for (const task of ['take', 'supersede'] as const)
    it(`lets one of 100 ${task} a record at the same time`, async (t) => {
      const path = createPath()
      const store = open(t, path)
      const processes = await startTwo(t)
      for (let round = 0; round < 100; round++) {
        const key = `k${round}`
        await store.store(createRecord({ key }))
        assert.equal(await countWins(processes, { task, path, key }), 1)
      }
    })

  it('lets one of 100 add a record at the same time', async (t) => {
    const path = createPath()
    const processes = await startTwo(t)
    for (let round = 0; round < 100; round++)
      assert.equal(await countWins(processes, { task: 'add', path, key: `k${round}` }), 1)
  })

  it('can be created by both at the same time', async (t) => {
    const path = createPath()
    const processes = await startTwo(t)
    for (let round = 0; round < 100; round++)
      assert.equal(
        await countWins(processes, { task: 'add', path: `${path}${round}`, key: 'k' }),
        1,
      )
  })
})

describe('sqlite store, its queries', () => {
  const byKey = 'USING INDEX sqlite_autoindex_records_1 (type=? AND key=?)'
  const select = (filter: RecordFilter) => getAllQuery(readRecordFilter(filter))
  const remove = (filter: RecordFilter) => removeAllQuery(readRecordFilter(filter))
  const all = { type: 't', client_id: 'c', subject: 's', session_id: 'i', grant_id: 'g' }
  const { grant_id: _grant, ...withoutGrant } = all
  const { session_id: _session, ...withoutSession } = withoutGrant
  const { subject: _subject, ...withoutSubject } = withoutSession
  const plans: [query: string, index: string][] = [
    [queries.get, byKey],
    [queries.take, byKey],
    [queries.replace, byKey],
    [queries.supersede, byKey],
    [queries.remove, byKey],
    [queries.claimDue, 'records_by_due (type=? AND due<?)'],
    [queries.removeExpired, 'records_by_expiry (expires<?)'],
    [select(all), 'records_by_grant (grant_id=?)'],
    [remove(all), 'records_by_grant (grant_id=?)'],
    [select(withoutGrant), 'records_by_session (session_id=? AND type=?)'],
    [select(withoutSession), 'records_by_subject (subject=? AND type=?)'],
    [remove(withoutSession), 'records_by_subject (subject=? AND type=?)'],
    [select(withoutSubject), 'records_by_client (client_id=? AND type=?)'],
    [remove({ type: 't' }), 'sqlite_autoindex_records_1 (type=?)'],
  ]
  // By these statistics a client has one record and everyone else ten: SQLite would start with the client.
  const numbers = JSON.stringify(Array.from({ length: 1_000 }, (_, n) => n))
  const misleadingRecords = `
    INSERT INTO records (type, key, client_id, subject, session_id, grant_id, created, expires, data)
      SELECT value % 100, value, value, value % 100, value % 100, value % 100, 0, value, '{}'
      FROM json_each('${numbers}');
    ANALYZE`
  for (const [query, index] of plans) {
    it(`finds ${index} for ${query.slice(0, 6)}`, (t) => {
      const database = openDatabase(createPath(), migrations)
      t.after(() => database.close())
      database.exec(misleadingRecords)

      const steps = database.prepare(`EXPLAIN QUERY PLAN ${query}`).all()

      const plan = steps.map(({ detail }) => String(detail)).join('\n')
      assert.ok(plan.includes(index), plan)
      assert.doesNotMatch(plan, /SCAN records|TEMP B-TREE/)
    })
  }
})

function open(t: TestContext, path: string, now = () => 0): Store {
  const store = sqliteStore(path, { now })
  t.after(() => store.close())
  return store
}

/** Has a transaction fail as one does on a failing disk, when a record with the key `fails` is in it. */
function failTransactions(path: string, trigger: string): void {
  const database = openDatabase(path, migrations)
  database.exec(`
    CREATE TABLE children (parent INTEGER REFERENCES parents DEFERRABLE INITIALLY DEFERRED);
    CREATE TABLE parents (id INTEGER PRIMARY KEY);
    CREATE TRIGGER fail AFTER INSERT ON records WHEN NEW.key = 'fails' BEGIN ${trigger}; END`)
  database.close()
}

function createPath(): string {
  return join(mkdtempSync(join(folders, 'store-')), 'store.db')
}

/** Gives the same task to each, and adds up how often they succeeded. */
async function countWins(processes: readonly ChildProcess[], task: Task): Promise<number> {
  const answers = processes.map((child) => nextMessage<number>(child))
  for (const child of processes) child.send(task)
  return (await Promise.all(answers)).reduce((sum, wins) => sum + wins, 0)
}

function startTwo(t: TestContext): Promise<ChildProcess[]> {
  return Promise.all([startProcess(t, program), startProcess(t, program)])
}
