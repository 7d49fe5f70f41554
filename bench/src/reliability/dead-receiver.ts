import assert from 'node:assert/strict'
import { join } from 'node:path'

import { sqliteStore } from '@basics/openid-provider'

import { openBrowser } from './browser.ts'
import type { Flow } from './flow.ts'
import { machineFlows } from './flows.ts'
import { type Http, readJson } from './http.ts'
import {
  describeLoad,
  longestFlow,
  type Print,
  quantile,
  requireGoodLoad,
  runLoad,
} from './load.ts'
import { authorize, createRequest, redeem, signOut } from './sign-in.ts'
import { openSilentReceiver } from './silent-receiver.ts'
import { createTokenServicePlace, type TokenServicePlace } from './token-service.ts'

const client_id = 'told-client'

/** Notifications that a client gets at once, as long as it is not known to be dead. */
const toldAtOnce = 10
/** Milliseconds: the half second that a sign-out waits for clients, and what a timer can be late. */
const allowedWait = 550
/** Milliseconds within which a client that does not answer is to be tried again. */
const longestRest = 60_000

/**
 * A token service that has to tell a client of each logout, which takes the connection and says nothing.
 *
 * @param options.rate sign-outs in a second, of which there have to be more than are told at once
 * @param options.isQuiet whether the machine has nothing else to do, so that times say something of the service
 */
export async function besideDeadReceiver({
  seconds = 10,
  rate = 5,
  isQuiet = true,
  print = console.log as Print,
} = {}): Promise<void> {
  const receiver = await openSilentReceiver()
  using place = await createTokenServicePlace({ backChannelLogoutUri: receiver.uri })
  const service = await place.start()
  try {
    const waits: number[] = []
    const logouts = runLoad(place.url, [timeSignOut(waits)], { seconds, rate })
    const machines = await runLoad(place.url, machineFlows, { seconds, rate: 20 })
    requireGoodLoad(machines, isQuiet ? longestFlow : undefined)
    const signOuts = await logouts
    requireGoodLoad(signOuts)
    const { flows } = signOuts
    const wait = requireShortWaits(waits, machines.durations, isQuiet)
    assert.ok(flows > toldAtOnce, `${flows} sign-outs are too few to see how many are told at once`)
    const sent = await receiver.receivedAtOnce(toldAtOnce)

    const started = performance.now()
    assert.equal(await service.end('SIGTERM'), 0)
    const stopped = performance.now() - started
    assert.equal(service.complaints(), '')
    assert.equal(await countDue(place), flows, 'a logout that nobody took is not told any more')
    print(
      `beside ${flows} logouts that a client does not take, of which it was told ${sent} times: ${describeLoad(machines)}; a sign-out took ${wait}; stopped in ${stopped.toFixed(0)} ms, with all of them still due`,
    )
  } finally {
    await service.end('SIGKILL')
    receiver.close()
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
 * Asserts that a sign-out waits no longer for a client than it may. On a quiet machine it is told by the slowest. On a
 * busy one sign-outs can take long for other reasons, so that it is told by the quickest of those that wait.
 *
 * @param others how long flows took meanwhile that wait for nobody; a sign-out has no more requests than the longest
 * @returns what half of those that wait took at most, and the slowest of all
 */
export function requireShortWaits(
  waits: readonly number[],
  others: readonly number[],
  isQuiet: boolean,
): string {
  const waiting = waits.slice(0, toldAtOnce)
  const slowest = Math.max(...waits)
  const telling = isQuiet ? slowest : Math.min(...waiting)
  const allowed = allowedWait + quantile(others, 0.99)
  assert.ok(telling <= allowed, `a sign-out takes ${telling} ms, and may take ${allowed}`)
  return `${quantile(waiting, 0.5).toFixed(0)} ms, at most ${slowest.toFixed(0)} ms`
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
