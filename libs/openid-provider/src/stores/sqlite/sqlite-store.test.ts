import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'

import { handlesOf, hashHandle } from '../handles.ts'
import { readRecordFilter } from '../record-filter.ts'
import type { RecordFilter, Store } from '../store.ts'
import { createRecord, describeStore } from '../store-contract.ts'
import { openDatabase } from './open-database.ts'
import { getAllQuery, migrations, queries, removeAllQuery } from './queries.ts'
import type { Task } from './sqlite-store.test-process.ts'
import { sqliteStore } from './sqlite-store.ts'

describeStore('sqlite store', (t, now) => open(t, createPath(t), now))

describe('sqlite store, its file', () => {
  it('keeps records when it is opened again', async (t) => {
    const path = createPath(t)
    const first = open(t, path)
    await first.store(createRecord())
    await first.close()

    assert.deepEqual(await open(t, path).get('code', 'k'), createRecord())
  })

  it('has no handle in it', async (t) => {
    const path = createPath(t)
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

  it('has every record that was acknowledged before its process was killed', async (t) => {
    const path = createPath(t)
    const writer = await startProcess(t)
    const acknowledged: string[] = []
    writer.send({ task: 'store until killed', path } satisfies Task)
    writer.on('message', (key: string) => {
      if (acknowledged.push(key) === 200) writer.kill('SIGKILL')
    })
    const [, signal] = await once(writer, 'close')

    assert.equal(signal, 'SIGKILL')
    const store = open(t, path)
    for (const key of acknowledged) assert.notEqual(await store.get('code', key), undefined, key)
  })
})

describe('sqlite store, shared by two processes', () => {
  const keys = Array.from({ length: 100 }, (_, n) => `k${n}`)

  it('gives a record to one of 100 that take it at the same time', async (t) => {
    const path = createPath(t)
    const store = open(t, path)
    for (const key of keys) await store.store(createRecord({ key }))

    const won = await runTwice(t, { task: 'take', path, keys })

    assert.deepEqual(won.sort(), keys.toSorted())
  })

  it('lets one of 100 add a record at the same time', async (t) => {
    const path = createPath(t)

    const won = await runTwice(t, { task: 'add', path, keys })

    assert.deepEqual(won.sort(), keys.toSorted())
  })

  it('can be created by both at the same time', async (t) => {
    const folder = join(createPath(t), '..')
    const paths = Array.from({ length: 150 }, (_, n) => join(folder, `${n}.db`))

    const opened = await runTwice(t, { task: 'open', paths })

    assert.equal(opened.length, 2 * paths.length)
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
    [queries.remove, byKey],
    [queries.removeExpired, 'records_by_expiry (expires<?)'],
    [select(all), 'records_by_grant (grant_id=?)'],
    [remove(all), 'records_by_grant (grant_id=?)'],
    [select(withoutGrant), 'records_by_session (session_id=?)'],
    [select(withoutSession), 'records_by_subject (subject=?)'],
    [remove(withoutSession), 'records_by_subject (subject=?)'],
    [select(withoutSubject), 'records_by_client (client_id=?)'],
    [remove({ type: 't' }), 'sqlite_autoindex_records_1 (type=?)'],
  ]
  for (const [query, index] of plans) {
    it(`finds ${index} for ${query.slice(0, 6)}`, (t) => {
      const database = openDatabase(createPath(t), migrations)
      t.after(() => database.close())

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

function createPath(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'store-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return join(folder, 'store.db')
}

/** Has two processes do the same at the same time, and joins what they answer. */
async function runTwice(t: TestContext, task: Task): Promise<string[]> {
  const processes = await Promise.all([startProcess(t), startProcess(t)])
  const answers = processes.map(async (child) => {
    const [answer] = await Promise.race([once(child, 'message'), once(child, 'exit')])
    assert.ok(Array.isArray(answer), `the process ended with ${answer}`)
    return answer
  })
  for (const child of processes) child.send(task)
  return (await Promise.all(answers)).flat()
}

async function startProcess(t: TestContext): Promise<ChildProcess> {
  const program = new URL('sqlite-store.test-process.ts', import.meta.url)
  const child = fork(program, { execArgv: [] })
  t.after(() => child.kill('SIGKILL'))
  await once(child, 'message')
  return child
}
