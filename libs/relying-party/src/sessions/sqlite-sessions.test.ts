import assert from 'node:assert/strict'
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import type session from 'express-session'

import { temporaryFolder } from '../../test-support/start-app.ts'
import type { Tokens } from '../tokens/tokens.ts'
import { sqliteSessions } from './sqlite-sessions.ts'

const tokens: Tokens = {
  access_token: 'a',
  token_type: 'bearer',
  requested_at: 1_800_000_000,
  id_token: 'i',
}

function open(t: TestContext, path = join(temporaryFolder(t), 'data', 'sessions.sqlite')) {
  const clock = { seconds: 1_800_000_000 }
  const storage = sqliteSessions(path, { now: () => clock.seconds, anonymousLifetime: 60 })
  t.after(storage.close)
  const { sessions } = storage
  const get = promisify<string, session.SessionData | null | undefined>(sessions.get.bind(sessions))
  const set = promisify<string, session.SessionData>(sessions.set.bind(sessions))
  const destroy = promisify<string>(sessions.destroy.bind(sessions))
  return { path, clock, tokens: storage.tokens, get, set, destroy }
}

function createData(expiresAt?: number): session.SessionData {
  const data = { cookie: { originalMaxAge: null } }
  if (expiresAt === undefined) return data as session.SessionData
  const claims = { sub: 'alice', sid: 'sid1' }
  return { ...data, signIn: { id: 'id1', claims, signedInAt: 1, expiresAt } }
}

function readFile(t: TestContext, path: string): DatabaseSync {
  const database = new DatabaseSync(path)
  t.after(() => database.close())
  return database
}

describe('sessions in SQLite', () => {
  it('are found, replaced and destroyed', async (t) => {
    const { get, set, destroy, clock } = open(t)
    const data = createData(clock.seconds + 10)

    await set('a', createData())
    await set('a', data)
    assert.deepEqual(await get('a'), data)
    assert.equal(await get('b'), null)
    await destroy('a')
    assert.equal(await get('a'), null)
  })

  it('end when the sign-in does, others some time after their last change', async (t) => {
    const { get, set, clock } = open(t)
    await set('user', createData(clock.seconds + 30))
    await set('visitor', createData())

    clock.seconds += 29
    assert.ok(await get('user'))
    clock.seconds += 1
    assert.equal(await get('user'), null)
    clock.seconds += 29
    assert.ok(await get('visitor'))
    clock.seconds += 1
    assert.equal(await get('visitor'), null)
  })

  it('do not give away what is in the cookie', async (t) => {
    const { path, set } = open(t)
    await set('the-id-in-the-cookie', createData())

    const files = readdirSync(join(path, '..')).map((name) => readFileSync(join(path, '..', name)))
    assert.ok(!Buffer.concat(files).includes('the-id-in-the-cookie'))
  })

  for (const [column, value] of [
    ['sub', 'alice'],
    ['sid', 'sid1'],
  ] as const) {
    it(`can be looked up by ${column} in an index`, async (t) => {
      const { path, set, clock } = open(t)
      await set('a', createData(clock.seconds + 10))
      await set('b', createData())
      const query = `SELECT id FROM sessions WHERE ${column} = ?`
      const database = readFile(t, path)

      assert.deepEqual(
        database
          .prepare(query)
          .all(value)
          .map(({ id }) => id),
        ['id1'],
      )
      const plan = database.prepare(`EXPLAIN QUERY PLAN ${query}`).get(value)
      assert.match(String(plan?.detail), new RegExp(`USING INDEX sessions_by_${column}`))
    })
  }

  it('report a failure to express-session', async (t) => {
    const { path, get } = open(t)
    readFile(t, path).exec('UPDATE sessions SET data = 1; DROP TABLE sessions')

    await assert.rejects(get('a'), /no such table/)
  })
})

describe('tokens in SQLite', () => {
  it('are replaced only by who knows their version', async (t) => {
    const store = open(t).tokens
    await store.add('a', tokens, 1_800_000_060)
    assert.deepEqual(await store.get('a'), { version: 1, tokens })

    const next = { ...tokens, access_token: 'b' }
    const outcomes = await Promise.all(
      [1, 1, 2, 9].map((version) => store.replace('a', version, next)),
    )

    assert.deepEqual(outcomes, [true, false, true, false])
    assert.deepEqual(await store.get('a'), { version: 3, tokens: next })
  })

  it('are replaced once by processes that share the file', async (t) => {
    const first = open(t)
    const second = open(t, first.path)
    await first.tokens.add('a', tokens, 1_800_000_060)

    assert.equal(await second.tokens.replace('a', 1, tokens), true)
    assert.equal(await first.tokens.replace('a', 1, tokens), false)
  })

  it('end with the session, and do not come back', async (t) => {
    const { tokens: store, clock } = open(t)
    await store.add('a', tokens, clock.seconds + 60)
    await store.add('b', tokens, clock.seconds + 60)
    assert.deepEqual(await store.take('a'), { version: 1, tokens })
    assert.equal(await store.take('a'), undefined)
    assert.equal(await store.get('a'), undefined)
    assert.equal(await store.replace('a', 1, tokens), false)

    clock.seconds += 60
    assert.equal(await store.get('b'), undefined)
    assert.equal(await store.replace('b', 1, tokens), false)
    assert.equal(await store.take('b'), undefined)
  })

  it('are claimed for a refresh by one of the processes that share the file', async (t) => {
    const first = open(t)
    const second = open(t, first.path)

    assert.equal(await first.tokens.claim('a', 'first', 30), true)
    assert.equal(await second.tokens.claim('a', 'second', 30), false)
    assert.equal(await second.tokens.claim('b', 'second', 30), true)

    await second.tokens.release('a', 'second')
    assert.equal(await second.tokens.claim('a', 'second', 30), false, 'it is not theirs to release')
    await first.tokens.release('a', 'first')
    assert.equal(await second.tokens.claim('a', 'second', 30), true)
  })

  it('can be claimed by another when whoever did has died', async (t) => {
    const { tokens: store, clock } = open(t)
    await store.claim('a', 'dead', 30)

    clock.seconds += 29
    assert.equal(await store.claim('a', 'next', 30), false)
    clock.seconds += 1
    assert.equal(await store.claim('a', 'next', 30), true)
    await store.release('a', 'dead')
    assert.equal(await store.claim('a', 'another', 30), false)
  })
})

describe('the SQLite file', () => {
  it('loses what has expired, in the background', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const { path, set, tokens: store, clock } = open(t)
    await set('old', createData(clock.seconds + 10))
    await set('new', createData(clock.seconds + 100))
    await store.add('old', tokens, clock.seconds + 10)
    await store.add('new', tokens, clock.seconds + 100)
    await store.claim('old', 'dead', 10)
    await store.claim('new', 'alive', 100)
    clock.seconds += 10

    t.mock.timers.tick(600_000)

    const database = readFile(t, path)
    for (const table of ['sessions', 'tokens', 'token_claims'])
      assert.equal(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n, 1, table)
  })

  it('is for its owner alone', { skip: process.platform === 'win32' }, async (t) => {
    const folder = temporaryFolder(t)
    writeFileSync(join(folder, 'sessions.sqlite'), '')
    chmodSync(join(folder, 'sessions.sqlite'), 0o644)
    const umask = process.umask(0)
    t.after(() => process.umask(umask))
    for (const path of [join(folder, 'sessions.sqlite'), join(folder, 'new', 'sessions.sqlite')])
      await open(t, path).set('a', createData())

    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
      assert.equal(statSync(join(folder, name)).mode & 0o077, 0, name)
  })

  it('writes ahead, and waits for other writers', (t) => {
    const { path } = open(t)

    assert.equal(readFile(t, path).prepare('PRAGMA journal_mode').get()?.journal_mode, 'wal')
  })

  it('that is none is named, with what to do', (t) => {
    const path = join(temporaryFolder(t), 'sessions.sqlite')
    writeFileSync(path, 'something else entirely '.repeat(1_000))

    assert.throws(
      () => sqliteSessions(path),
      /^Error: cannot open .*sessions\.sqlite: file is not a database\. Move/,
    )
  })
})
