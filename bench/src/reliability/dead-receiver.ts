import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'

import { sqliteStore } from '@basics/openid-provider'

import { openBrowser } from './browser.ts'
import { type Flow, machineFlows, signOut } from './flows.ts'
import { type Http, readJson } from './http.ts'
import { describeDurations, type Print, quantile, runLoad } from './load.ts'
import { authorize, createRequest, redeem } from './sign-in.ts'
import { createTokenServicePlace, type TokenServicePlace } from './token-service.ts'

const client_id = 'web-client'

/** Notifications that a client gets at once, as long as it is not known to be dead. */
const toldAtOnce = 10
/** Milliseconds: the half second that a sign-out waits for clients, and what a timer can be late. */
const allowedWait = 550
/** Milliseconds from a sign-out to its notification, on a machine that is busy. */
const longestWay = 10_000
/** Milliseconds within which a client that does not answer is to be tried again. */
const longestRest = 60_000

/** A token service that has to tell a client of each logout, which takes the connection and says nothing. */
export async function besideDeadReceiver({
  seconds = 10,
  print = console.log as Print,
} = {}): Promise<void> {
  const receiver = await openReceiver()
  using place = await createTokenServicePlace({ backChannelLogoutUri: receiver.uri })
  const service = await place.start()
  try {
    const waits: number[] = []
    const logouts = runLoad(place.url, [timeSignOut(waits)], { seconds, rate: 5 })
    const machines = await runLoad(place.url, machineFlows, { seconds, rate: 20 })
    const { errors, flows } = await logouts
    assert.deepEqual([...machines.errors, ...errors], [])
    const wait = requireShortWaits(waits, machines.durations)
    const sent = await receiver.received(Math.min(flows, toldAtOnce))

    const started = performance.now()
    assert.equal(await service.end('SIGTERM'), 0)
    const stopped = performance.now() - started
    assert.equal(service.complaints(), '')
    assert.equal(await countDue(place), flows, 'a logout that nobody took is not told any more')
    print(
      `beside ${flows} logouts that a client does not take, of which it was told ${sent} times: ${describeDurations(machines.durations)}; a sign-out took ${wait.toFixed(0)} ms; stopped in ${stopped.toFixed(0)} ms, with all of them still due`,
    )
  } finally {
    await service.end('SIGKILL')
    receiver.close()
  }
}

/** Takes what is sent, counts the notifications, and says nothing. */
async function openReceiver() {
  let received = 0
  const notifications = new EventEmitter()
  const server = createServer((socket) => {
    socket
      .on('error', () => {})
      .on('data', (data) => {
        if (!data.toString().startsWith('POST /logout ')) return
        received++
        notifications.emit('received')
      })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    uri: `http://127.0.0.1:${port}/logout`,
    /** How many it has received; waits until they are so many. */
    async received(atLeast: number): Promise<number> {
      const signal = AbortSignal.timeout(longestWay)
      while (received < atLeast)
        await once(notifications, 'received', { signal }).catch(() =>
          assert.fail(`of ${atLeast} logouts or more only ${received} were told`),
        )
      return received
    },
    close: () => server.close().unref(),
  }
}

/** Signs users in and out, and keeps how many milliseconds each sign-out took. */
function timeSignOut(waits: number[]): Flow {
  return async (http: Http) => {
    const browser = openBrowser(http)
    const code = await authorize(browser, createRequest(client_id))
    const { id_token = '' } = readJson(await redeem(http, client_id, code))
    const started = performance.now()
    await signOut(browser, id_token)
    waits.push(performance.now() - started)
  }
}

/**
 * Asserts that a sign-out waits no longer for a client than it may. It is told by the quickest of those that wait: on a
 * busy machine the others can take long for other reasons.
 *
 * @param others how long requests took meanwhile that wait for nobody; a sign-out is three of them
 * @returns what half of those that wait took at most, in milliseconds
 */
function requireShortWaits(waits: readonly number[], others: readonly number[]): number {
  const waiting = waits.slice(0, toldAtOnce)
  const quickest = Math.min(...waiting)
  const allowed = allowedWait + 3 * quantile(others, 0.99)
  assert.ok(quickest <= allowed, `a sign-out takes ${quickest} ms, and may take ${allowed}`)
  return quantile(waiting, 0.5)
}

/** How many notifications the store has for the process that comes next. */
async function countDue({ folder }: TokenServicePlace): Promise<number> {
  const store = sqliteStore(join(folder, 'identity-server', 'identity-server.sqlite'))
  try {
    const kept = await store.getAll({ type: 'logout_notification', client_id })
    return kept.filter(({ due = Infinity }) => due <= Date.now() + longestRest).length
  } finally {
    await store.close()
  }
}
