import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'

import { decodeJwt } from 'jose'

import { collectLogs } from '../../test-support/collect-logs.ts'
import {
  accept,
  answerWith,
  hang,
  startLogoutReceiver,
} from '../../test-support/logout-receiver.ts'
import { memoryKeys } from '../../test-support/memory-keys.ts'
import { memoryClients, webClient } from '../../test-support/people.ts'
import { readConfiguration } from '../configuration.ts'
import {
  type Client,
  inMemoryResources,
  memoryStore,
  openKeyRing,
  type Store,
  sqliteStore,
} from '../index.ts'
import { backChannelLogout } from './back-channel-logout.ts'
import { endLoginSession } from './end-login-session.ts'
import type { LoginSession } from './login-session.ts'
import { getSessionClients, rememberSessionClient } from './session-clients.ts'
import { endUserSession } from './user-sessions.ts'

const [second, minute, hour] = [1_000, 60_000, 3_600_000]
type OpenStore = (options: { now: () => number }) => Store
type Timing = { timeout?: number; patience?: number }

const keys = openKeyRing({ store: memoryKeys() })
const resources = inMemoryResources({ identityResources: [], apiScopes: [], apiResources: [] })

/**
 * Processes of a token service that share a store, and sessions that clients know of. What is due is
 * sent when the test says so.
 */
async function startService(
  t: TestContext,
  clients: Record<string, string>,
  { open = memoryStore, ...timing }: Timing & { open?: OpenStore } = {},
) {
  const clock = { now: Date.UTC(2030, 0, 1) }
  const now = () => clock.now
  const store = open({ now })
  const registered = memoryClients(
    ...Object.entries(clients).map(
      ([clientId, uri]): Client => ({ ...webClient, clientId, backChannelLogoutUri: uri }),
    ),
  )
  const { logger, lines } = collectLogs()

  // Whoever signs out waits for those who answer, however busy the machine is, unless a client hangs.
  async function startProcess(shared: Store = store, timing: Timing = {}) {
    const issuer = 'https://login.example'
    const keyRing = await keys
    const provider = readConfiguration({
      ...{ issuer, clients: registered, resources, keys: keyRing, store: shared, logger, now },
    })
    const logout = backChannelLogout(provider, { patience: 30_000, ...timing })
    t.after(async () => {
      logout.stop()
      await logout.idle()
    })
    const events: object[] = []
    provider.events.on('logoutNotificationDelivered', (event) => events.push(event))
    provider.events.on('logoutNotificationFailed', (event) => events.push(event))
    const service = { ...provider, backChannelLogout: logout }
    return {
      events,
      logout,
      service,
      async sendDue() {
        await logout.sendDue()
        await logout.idle()
      },
      /** A session that all clients know of, which lasts an hour. */
      async begin(sid: string, sub = 'alice') {
        await storeSession(createSession(sid, sub))
        for (const clientId of Object.keys(clients))
          await rememberSessionClient(createSession(sid, sub), clientId, service)
      },
      end: (sid: string, sub = 'alice') => endLoginSession({ sid, sub }, service),
    }
  }

  function createSession(sid: string, sub: string) {
    const authTime = clock.now
    return {
      ...{ sid, sub, authTime, expires: authTime + hour, amr: [], idp: 'local', remember: false },
      browserState: 'b',
    }
  }

  async function storeSession(session: LoginSession) {
    const { sid, sub, authTime: created, expires } = session
    const owners = { subject: sub, session_id: sid }
    await store.store({
      type: 'login_session',
      key: sid,
      ...owners,
      created,
      expires,
      data: session,
    })
  }

  return {
    ...(await startProcess(store, timing)),
    clock,
    store,
    registered,
    lines,
    startProcess,
    createSession,
    storeSession,
  }
}

type Started = Awaited<ReturnType<typeof startService>>

describe('back-channel logout', () => {
  it('tells each client of the session that can be told, and answers with all of them', async (t) => {
    const [web, other] = [await startLogoutReceiver(t), await startLogoutReceiver(t)]
    const { begin, end, service, registered, store, events, createSession } = await startService(
      t,
      { web: web.uri, other: other.uri },
    )
    registered.put({ ...webClient, clientId: 'silent' })
    await begin('s1')
    await rememberSessionClient(createSession('s1', 'alice'), 'silent', service)

    const known = await end('s1')

    assert.deepEqual(known?.map(({ clientId }) => clientId).sort(), ['other', 'silent', 'web'])
    assert.deepEqual([web.requests.length, other.requests.length], [1, 1])
    const type = 'application/x-www-form-urlencoded;charset=UTF-8'
    assert.equal(web.requests[0]?.headers['content-type'], type)
    assert.deepEqual([...new URLSearchParams(web.requests[0]?.body).keys()], ['logout_token'])
    assert.deepEqual(events.map((event) => JSON.stringify(event)).sort(), [
      '{"client_id":"other","sid":"s1"}',
      '{"client_id":"web","sid":"s1"}',
    ])
    assert.deepEqual(await store.getAll({ subject: 'alice' }), [])
  })

  it('leaves the sessions of everyone else', async (t) => {
    const { uri, tokens } = await startLogoutReceiver(t)
    const { begin, end, store } = await startService(t, { web: uri })
    await begin('s1', 'alice')
    await begin('s2', 'alice')
    await begin('s3', 'bob')

    await end('s3', 'bob')

    assert.deepEqual(
      tokens().map((token) => decodeJwt(token).sub),
      ['bob'],
    )
    const left = await store.getAll({ type: 'session_client' })
    assert.deepEqual(left.map(({ session_id }) => session_id).sort(), ['s1', 's2'])
  })

  it('is tried again, with a new token, until a client that was down is back', async (t) => {
    const client = await startLogoutReceiver(t)
    const { begin, end, sendDue, clock, events } = await startService(t, { web: client.uri })
    await client.stop()
    await begin('s1')
    await end('s1')
    for (let seconds = 0; seconds < 60; seconds++) {
      clock.now += second
      await sendDue()
    }
    await client.startAgain()
    clock.now += minute
    await sendDue()

    assert.equal(client.requests.length, 1)
    assert.equal(decodeJwt(client.tokens()[0] ?? '').iat, clock.now / 1000)
    const delivered = { client_id: 'web', sid: 's1' }
    const failed = { ...delivered, description: 'ECONNREFUSED', final: false }
    // After 0, 1, 3, 7, 15 and 31 seconds.
    assert.deepEqual(events, [...Array.from({ length: 6 }, () => failed), delivered])
  })

  for (const status of [500, 503, 429, 408])
    it(`is tried again after ${status}, with another jti`, async (t) => {
      const client = await startLogoutReceiver(t, answerWith(status))
      const { begin, end, sendDue, clock } = await startService(t, { web: client.uri })
      await begin('s1')
      await end('s1')
      client.answerBy(accept)
      clock.now += second
      await sendDue()
      clock.now += hour
      await sendDue()

      const ids = client.tokens().map((token) => decodeJwt(token).jti)
      assert.equal(new Set(ids).size, 2)
    })

  for (const [what, answer, status] of [
    ['is broken', answerWith(500), 500],
    ['says when to come again', answerWith(400, { 'Retry-After': '5' }), 400],
  ] as const)
    it(`is tried for an hour at a client that ${what}, then the host is told`, async (t) => {
      const client = await startLogoutReceiver(t, answer)
      const { begin, end, sendDue, clock, events, store } = await startService(t, {
        web: client.uri,
      })
      await begin('s1')
      await end('s1')
      for (let minutes = 0; minutes < 90; minutes++) {
        clock.now += minute
        await sendDue()
      }

      assert.deepEqual(events.at(-1), {
        client_id: 'web',
        sid: 's1',
        description: `answered ${status}`,
        final: true,
      })
      assert.equal(events.filter((event) => 'final' in event && event.final === true).length, 1)
      assert.equal(client.requests.length, 60)
      assert.deepEqual(await store.getAll({ subject: 'alice' }), [])
    })

  for (const [answer, status] of [
    [answerWith(400), 400],
    [answerWith(404), 404],
  ] as const)
    it(`is given up when the client has answered ${status} for 13 minutes`, async (t) => {
      const client = await startLogoutReceiver(t, answer)
      const { begin, end, sendDue, clock, events } = await startService(t, { web: client.uri })
      await begin('s1')
      await end('s1')
      for (const [count, seconds] of [5, 35, 120, 600].entries()) {
        clock.now += seconds * second - 1
        await sendDue()
        assert.equal(client.requests.length, count + 1)
        clock.now += 1
        await sendDue()
        assert.equal(client.requests.length, count + 2)
      }
      clock.now += hour
      await sendDue()

      const failed = {
        client_id: 'web',
        sid: 's1',
        description: `answered ${status}`,
        final: false,
      }
      assert.deepEqual(events, [failed, failed, failed, failed, { ...failed, final: true }])
    })

  for (const [what, end] of [
    ['is ended', (started: Started) => started.end('s1')],
    [
      'expires',
      async ({ clock }: Started) => {
        clock.now += 2 * hour
      },
    ],
  ] as const)
    it(`reaches the others when the store fails at one client, and that one later: a session ${what}`, async (t) => {
      const receivers = await Promise.all([1, 2, 3].map(() => startLogoutReceiver(t)))
      const [first, ...others] = receivers
      const uris = receivers.map(({ uri }, index) => [`client${index}`, uri])
      const started = await startService(t, Object.fromEntries(uris))
      const { begin, sendDue, clock, registered, store } = started
      const { findClientById } = registered
      await begin('s1')
      registered.findClientById = (id) => {
        if (id === 'client0') throw new Error('the store of clients has gone')
        return findClientById(id)
      }

      await end(started)
      await sendDue()
      assert.deepEqual(
        others.map(({ requests }) => requests.length),
        [1, 1],
      )
      assert.equal(first?.requests.length, 0)

      registered.findClientById = findClientById
      clock.now += 31 * second
      await sendDue()
      assert.equal(first?.requests.length, 1)
      assert.deepEqual(await store.getAll({ type: ['session_client', 'logout_notification'] }), [])
    })

  it('follows no redirect', async (t) => {
    const elsewhere = await startLogoutReceiver(t)
    for (const status of [301, 302, 303, 307, 308]) {
      const client = await startLogoutReceiver(t, answerWith(status, { location: elsewhere.uri }))
      const { begin, end, events } = await startService(t, { web: client.uri })
      await begin('s1')
      await end('s1')

      assert.equal(events.length, 1)
    }
    assert.deepEqual(elsewhere.requests, [])
  })

  it('does not read what a client answers', async (t) => {
    const closed = Promise.withResolvers<void>()
    const { uri } = await startLogoutReceiver(t, (res) => {
      res.on('close', closed.resolve)
      const pour = () => {
        while (!res.destroyed && res.write('x'.repeat(65_536)));
        if (!res.destroyed) res.once('drain', pour)
      }
      pour()
    })
    const { begin, end, logout, events } = await startService(t, { web: uri })
    await begin('s1')
    await end('s1')
    await closed.promise
    await logout.idle()

    assert.deepEqual(events, [{ client_id: 'web', sid: 's1' }])
  })

  it('ends an attempt that lasts too long, and tries again', async (t) => {
    const client = await startLogoutReceiver(t, hang)
    const { startProcess, clock } = await startService(t, { web: client.uri })
    const { begin, end, logout, sendDue, events } = await startProcess(undefined, { timeout: 500 })
    await begin('s1')
    await end('s1')
    await logout.idle()
    client.answerBy(accept)
    clock.now += second
    await sendDue()

    assert.equal(client.requests.length, 2)
    const told = { client_id: 'web', sid: 's1' }
    assert.deepEqual(events, [{ ...told, description: 'TimeoutError', final: false }, told])
  })

  it('keeps nobody waiting for a client that hangs, neither users nor other clients', async (t) => {
    const [hanging, other] = [await startLogoutReceiver(t, hang), await startLogoutReceiver(t)]
    const { begin, end } = await startService(
      t,
      { hanging: hanging.uri, other: other.uri },
      { timeout: hour, patience: 1 },
    )
    for (let n = 0; n < 30; n++) await begin(`s${n}`)

    await Promise.all(Array.from({ length: 30 }, (_, n) => end(`s${n}`)))
    await Promise.all([hanging.received(10), other.received(10)])

    assert.equal(hanging.requests.length, 10)
  })

  it('costs one attempt at a time when a client is down, however many are to be told', async (t) => {
    const [down, other] = [
      await startLogoutReceiver(t, answerWith(500)),
      await startLogoutReceiver(t),
    ]
    const { begin, end, sendDue, clock, registered, store } = await startService(t, {
      down: down.uri,
    })
    for (let n = 0; n < 300; n++) await begin(`s${n}`)
    for (let n = 0; n < 300; n++) await end(`s${n}`)
    assert.equal(down.requests.length, 1)
    clock.now += second
    await sendDue()
    assert.equal(down.requests.length, 2)

    registered.put({ ...webClient, clientId: 'other', backChannelLogoutUri: other.uri })
    down.answerBy(accept)
    clock.now += minute
    await sendDue()
    for (let round = 0; round < 40; round++) {
      clock.now += second
      await sendDue()
    }
    assert.equal((await store.getAll({ type: ['logout_notification'] })).length, 0)
    assert.equal(down.requests.length, 302)
  })

  it('is sent once when a session is ended twice at the same moment', async (t) => {
    const client = await startLogoutReceiver(t)
    const { begin, service } = await startService(t, { web: client.uri })
    await begin('s1')

    await Promise.all([
      endUserSession('alice', 's1', service),
      endUserSession('alice', 's1', service),
    ])

    assert.equal(client.requests.length, 1)
  })

  it('counts attempts that fail together as one', async (t) => {
    const client = await startLogoutReceiver(t, answerWith(500))
    const { begin, end, sendDue, clock } = await startService(t, { web: client.uri })
    for (let n = 0; n < 10; n++) await begin(`s${n}`)
    await Promise.all(Array.from({ length: 10 }, (_, n) => end(`s${n}`)))
    assert.equal(client.requests.length, 10)
    clock.now += second
    await sendDue()

    assert.equal(client.requests.length, 11)
  })

  it('is sent to 50 clients at once, and to the next when one has answered', async (t) => {
    const responses: ServerResponse[] = []
    const arrived = { count: 50, all: Promise.withResolvers<void>() }
    const { uri } = await startLogoutReceiver(t, (res) => {
      if (responses.push(res) === arrived.count) arrived.all.resolve()
    })
    const names = Array.from({ length: 60 }, (_, n) => `client${n}`)
    const service = await startService(t, Object.fromEntries(names.map((name) => [name, uri])))
    const { begin, logout, store, clock } = service
    await begin('s1')
    await logout.queue(await getSessionClients('s1', store))
    clock.now += 30 * second
    const sending = logout.sendDue()
    await arrived.all.promise
    for (let turn = 0; turn < 100; turn++) await setImmediate()
    assert.equal(responses.length, 50)

    arrived.all = Promise.withResolvers()
    arrived.count = 51
    responses[0]?.end()
    await arrived.all.promise
    logout.stop()
    await sending
  })

  it('is dropped when the client is no longer there to be told', async (t) => {
    const client = await startLogoutReceiver(t, answerWith(500))
    const { begin, end, sendDue, clock, registered, store } = await startService(t, {
      web: client.uri,
    })
    await begin('s1')
    await end('s1')
    registered.put({ ...webClient, clientId: 'web' })
    clock.now += minute
    await sendDue()

    assert.equal(client.requests.length, 1)
    assert.deepEqual(await store.getAll({ subject: 'alice' }), [])
  })

  it('puts no token into the log', async (t) => {
    const client = await startLogoutReceiver(t, answerWith(400))
    const { begin, end, sendDue, clock, lines } = await startService(t, { web: client.uri })
    await begin('s1')
    await end('s1')
    client.answerBy(accept)
    clock.now += minute
    await sendDue()

    assert.equal(lines.length, 2)
    assert.doesNotMatch(JSON.stringify(lines), /eyJ/)
  })
})

describe('back-channel logout, shared by processes', () => {
  it('is sent by another process when the one that was at it has died', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'logout-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const client = await startLogoutReceiver(t, hang)
    const open: OpenStore = (options) => {
      const store = sqliteStore(join(folder, 'store.sqlite'), options)
      t.after(() => store.close())
      return store
    }
    const service = await startService(t, { web: client.uri }, { open, patience: 1 })
    const { clock } = service
    await service.begin('s1')
    // As good as dead: the client never answers it.
    await service.end('s1')
    await client.received(1)

    const survivor = await service.startProcess(open({ now: () => clock.now }))
    client.answerBy(accept)
    // An attempt lasts 10 s: well after that it cannot be that both are at it.
    clock.now += 29 * second
    await survivor.sendDue()
    assert.equal(client.requests.length, 1)
    clock.now += second
    await survivor.sendDue()

    assert.equal(client.requests.length, 2)
    assert.deepEqual(survivor.events, [{ client_id: 'web', sid: 's1' }])
  })

  it('is sent once when both look for what is due', async (t) => {
    const client = await startLogoutReceiver(t, answerWith(500))
    const { begin, end, sendDue, startProcess, clock } = await startService(t, {
      web: client.uri,
    })
    const second = await startProcess()
    for (let n = 0; n < 8; n++) await begin(`s${n}`)
    await Promise.all(Array.from({ length: 8 }, (_, n) => end(`s${n}`)))
    client.requests.length = 0
    client.answerBy(accept)

    for (let round = 0; round < 20; round++) {
      clock.now += minute
      await Promise.all([sendDue(), second.sendDue()])
    }

    const sids = client.tokens().map((token) => decodeJwt(token).sid)
    assert.deepEqual(sids.toSorted(), ['s0', 's1', 's2', 's3', 's4', 's5', 's6', 's7'])
  })

  it('is left to the next process, which need not wait, by one that stops', async (t) => {
    const client = await startLogoutReceiver(t, hang)
    const { begin, end, logout, startProcess, events } = await startService(
      t,
      { web: client.uri },
      { patience: 1 },
    )
    await begin('s1')
    await end('s1')
    await client.received(1)
    logout.stop()
    await logout.idle()
    client.answerBy(accept)

    await (await startProcess()).sendDue()

    assert.equal(client.requests.length, 2)
    assert.deepEqual(events, [])
  })
})

describe('a session that expires', () => {
  it('is told to its clients, once', async (t) => {
    const client = await startLogoutReceiver(t)
    const { begin, sendDue, clock, store } = await startService(t, { web: client.uri })
    await begin('s1')
    clock.now += hour - 1
    await sendDue()
    assert.equal(client.requests.length, 0)
    clock.now += 1
    await sendDue()
    clock.now += hour
    await sendDue()

    assert.deepEqual(
      client.tokens().map((token) => decodeJwt(token).sid),
      ['s1'],
    )
    assert.deepEqual(await store.getAll({ subject: 'alice' }), [])
  })

  it('is not told while it goes on: someone signed in again as it was about to expire', async (t) => {
    const client = await startLogoutReceiver(t)
    const { begin, sendDue, clock, storeSession, createSession } = await startService(t, {
      web: client.uri,
    })
    await begin('s1')
    const expires = clock.now + 10 * hour
    await storeSession({ ...createSession('s1', 'alice'), expires })
    clock.now += hour
    await sendDue()
    assert.equal(client.requests.length, 0)
    clock.now = expires
    await sendDue()

    assert.equal(client.requests.length, 1)
  })

  it('is told to its clients when nothing ran at the time', async (t) => {
    const client = await startLogoutReceiver(t)
    const { begin, sendDue, clock, store } = await startService(t, { web: client.uri })
    await begin('s1')
    clock.now += 6 * 24 * hour
    await store.removeExpired(100)
    await sendDue()

    assert.equal(client.requests.length, 1)
  })
})
