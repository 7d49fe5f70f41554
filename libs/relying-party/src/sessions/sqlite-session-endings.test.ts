import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import type { SessionData } from 'express-session'

import { temporaryFolder } from '../../test-support/start-app.ts'
import type { Logout } from './session-endings.ts'
import { sqliteSessions } from './sqlite-sessions.ts'

const start = 1_800_000_000

function open(t: TestContext, path = join(temporaryFolder(t), 'sessions.sqlite')) {
  const clock = { seconds: start }
  const storage = sqliteSessions(path, { now: () => clock.seconds })
  t.after(storage.close)
  const { sessions, tokens } = storage
  const set = promisify<string, SessionData>(sessions.set.bind(sessions))

  async function add(id: string, sub: string, sid: string): Promise<void> {
    const expiresAt = clock.seconds + 3600
    const signIn = { id, claims: { sub, sid }, signedInAt: clock.seconds, expiresAt }
    await set(id, { cookie: { originalMaxAge: null }, signIn } as SessionData)
    await tokens.add(
      id,
      { access_token: id, token_type: 'b', requested_at: 1, id_token: 'i' },
      expiresAt,
    )
  }

  let count = 0
  const end = (login: Pick<Logout, 'sub' | 'sid'>) =>
    storage.endSessions({
      jti: `jti${count++}`,
      iat: clock.seconds,
      exp: clock.seconds + 120,
      ...login,
    })
  return { path, clock, storage, add, end }
}

function count(t: TestContext, path: string, table: string): unknown {
  const database = new DatabaseSync(path)
  t.after(() => database.close())
  return database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n
}

describe('the sessions of a login', () => {
  it('end alone among 1000, and leave nothing behind', async (t) => {
    const { path, storage, add, end } = open(t)
    for (let n = 0; n < 1000; n++) await add(`id${n}`, `user${n % 250}`, `sid${n}`)

    const ended = await end({ sub: 'user7' })

    assert.deepEqual(ended?.map(({ id }) => id).sort(), ['id257', 'id507', 'id7', 'id757'])
    assert.equal(ended?.find(({ id }) => id === 'id7')?.tokens.access_token, 'id7')
    assert.equal(await storage.tokens.get('id257'), undefined)
    for (const table of ['sessions', 'tokens']) assert.equal(count(t, path, table), 996, table)
  })

  it('are found by one look into an index, whatever names them', (t) => {
    const { prepare } = DatabaseSync.prototype
    const statements: string[] = []
    const prepared = t.mock.method(
      DatabaseSync.prototype,
      'prepare',
      function (this: DatabaseSync, sql: string) {
        statements.push(sql)
        return prepare.call(this, sql)
      },
    )
    const { path } = open(t)
    prepared.mock.restore()
    const endings = statements.filter((sql) => /DELETE FROM tokens .* FROM sessions/.test(sql))
    const database = new DatabaseSync(path)
    t.after(() => database.close())

    const plans = endings.map((sql) => {
      const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all({ sub: 'a', sid: 'a' })
      return steps.map(({ detail }) => String(detail)).filter((step) => step.includes('sessions'))
    })

    assert.deepEqual(plans, [
      ['SEARCH sessions USING INDEX sessions_by_sid (sid=?)'],
      ['SEARCH sessions USING INDEX sessions_by_sub (sub=?)'],
    ])
    for (const sql of endings) {
      const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all({ sub: 'a', sid: 'a' })
      assert.ok(
        steps.every(({ detail }) => !String(detail).startsWith('SCAN')),
        sql,
      )
    }
  })

  it('are not mistaken for those of sessions without a login', async (t) => {
    const { storage, end } = open(t)
    const { sessions } = storage
    const set = promisify<string, SessionData>(sessions.set.bind(sessions))
    await set('visitor', { cookie: { originalMaxAge: null } } as SessionData)

    assert.deepEqual(await end({ sub: 'alice' }), [])
    const get = promisify<string, SessionData | null | undefined>(sessions.get.bind(sessions))
    assert.ok(await get('visitor'))
  })

  it('stay when something fails on the way, and the logout token is not used up', async (t) => {
    const { path, storage, add } = open(t)
    await add('id1', 'alice', 'sid1')
    const other = new DatabaseSync(path)
    t.after(() => other.close())
    other.exec(
      "CREATE TRIGGER refuse BEFORE DELETE ON sessions BEGIN SELECT RAISE(ABORT, 'refused'); END",
    )
    const logout = { jti: 'a', sub: 'alice', iat: start, exp: start + 120 }
    await assert.rejects(storage.endSessions(logout), /refused/)
    assert.ok(await storage.tokens.get('id1'))
    other.exec('DROP TRIGGER refuse')

    assert.equal((await storage.endSessions(logout))?.length, 1)
  })
})

describe('a logout', () => {
  it('is remembered by all processes, for two minutes after its token expired', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const { path, clock, storage } = open(t)
    const other = open(t, path)
    const logout = { jti: 'a', sub: 'alice', iat: start, exp: start + 120 }
    assert.deepEqual(await storage.endSessions(logout), [])
    assert.equal(await other.storage.endSessions(logout), undefined)

    clock.seconds = start + 120 + 119
    t.mock.timers.tick(600_000)
    assert.equal(await storage.endSessions(logout), undefined)
    clock.seconds += 1
    t.mock.timers.tick(600_000)
    assert.equal(count(t, path, 'logouts'), 0)
  })

  const login = { sub: 'alice', sid: 'sid1', iat: start }
  for (const [what, logout, expected] of [
    ['of the user', { sub: 'alice' }, true],
    ['of the session', { sid: 'sid1' }, true],
    ['of both', { sub: 'alice', sid: 'sid1' }, true],
    ['of another user', { sub: 'bob' }, false],
    ['of another session', { sub: 'alice', sid: 'sid2' }, false],
    ["of another user's session", { sub: 'bob', sid: 'sid1' }, false],
  ] as const)
    it(`${what} ${expected ? 'ends' : 'leaves'} the login`, async (t) => {
      const { clock, storage, end } = open(t)
      await end(logout)

      assert.equal(await storage.isLoggedOut(login), expected)
      clock.seconds = start + 120 + 120
      assert.equal(await storage.isLoggedOut(login), false, 'forgotten')
    })

  for (const [what, logout, auth_time, iat, expected] of [
    ['a session whose tokens are newer', { sid: 'sid1' }, start + 1, start + 1, true],
    ['a user whose tokens are newer', { sub: 'alice' }, start, start + 1, true],
    ['a user who signed in later', { sub: 'alice' }, start + 1, start + 1, false],
    ['a user whose tokens alone tell when', { sub: 'alice' }, undefined, start, true],
    [
      'a user whose tokens alone tell that it was later',
      { sub: 'alice' },
      undefined,
      start + 1,
      false,
    ],
  ] as const)
    it(`${expected ? 'ends' : 'leaves'} ${what}`, async (t) => {
      const { storage, end } = open(t)
      await end(logout)

      const times = { iat, ...(auth_time !== undefined && { auth_time }) }
      assert.equal(await storage.isLoggedOut({ ...login, ...times }), expected)
    })
})
