/**
 * Stops the token service under load, with SIGTERM, 10 times: requests under way are answered, new ones refused, it
 * exits with 0 within 5 s, and what it has acknowledged is there when it is started again. No connection that is kept
 * alive is closed on a request.
 *
 * `npx nx run bench:graceful-stop`
 */
import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'

import { describeRun } from '../run-conditions.ts'
import { allFlows } from './flows.ts'
import { holdRequest } from './held-request.ts'
import { createHttp, type Http } from './http.ts'
import { createJournal, type Journal } from './journal.ts'
import { issueAndRevoke, issueSigned, workUntilGone } from './journaled-work.ts'
import { askOnKeptConnections } from './kept-connections.ts'
import type { Print } from './load.ts'
import { openConnection } from './raw-connection.ts'
import type { ServerProcess } from './server-process.ts'
import { createTokenServicePlace } from './token-service.ts'
import { verifyJournal } from './verify-journal.ts'

/** Milliseconds. */
const allowedTime = 5_000
/** Milliseconds from the signal until new connections are refused: beside other work it comes late to its signal. */
const allowedClosing = { quiet: 500, busy: 1_500 }

/**
 * @param options.heldRequests requests whose bodies come when it has closed its port
 * @param options.slowestBody milliseconds for which the last of them is kept back. Requests under way are promised 4 s,
 *   of which a busy machine needs some
 * @param options.underLoad milliseconds of load before each stop
 * @param options.isQuiet whether the machine has nothing else to do, so that times say something of the service
 */
export async function stopUnderLoad({
  stops = 10,
  heldRequests = 50,
  slowestBody = 3_000,
  underLoad = 1_000,
  isQuiet = true,
  print = console.log as Print,
} = {}): Promise<void> {
  using place = await createTokenServicePlace()
  const http = createHttp(place.url)
  const journal = createJournal()
  const times: number[] = []
  const closings: number[] = []
  let onKept = 0
  const patience = isQuiet ? allowedClosing.quiet : allowedClosing.busy
  let service = await place.start()
  try {
    for (let stop = 1; stop <= stops; stop++) {
      await issueSigned(http, journal)
      const works = [
        () => issueAndRevoke(http, journal),
        ...allFlows.map((flow) => () => flow(http)),
      ]
      const running = service
      const load = Promise.all(works.map((work) => workUntilGone(running, work)))
      const kept = askOnKeptConnections(running)
      // Until then only what the load finds wrong ends it, and what it finds afterwards ends the stop.
      await Promise.race([load, kept, delay(underLoad)])
      const [{ closed, gone }, answered] = await Promise.all([
        stopHolding(service, http, { heldRequests, slowestBody, patience }),
        kept,
        load,
      ])
      assert.equal(service.complaints(), '')
      times.push(gone)
      closings.push(closed)
      onKept += answered
      service = await place.start()
      await verifyJournal(http, journal)
      print(
        `stop ${stop}: closed after ${closed.toFixed(0)} ms, gone ${gone.toFixed(0)} ms after the last body, ${describeFacts(journal)}`,
      )
    }
    assert.equal(service.complaints(), '')
    print(
      `${stops} stops with ${heldRequests} requests under way, the last of them for ${slowestBody} ms, closed after ${describeRange(closings)}, gone ${describeRange(times)} after the last body, ${onKept} answers meanwhile on connections that were kept, none of which was closed on a request, ${describeFacts(journal)}`,
    )
  } finally {
    await service.end('SIGKILL')
  }
}

function describeRange(milliseconds: readonly number[]): string {
  const [least, most] = [Math.min(...milliseconds), Math.max(...milliseconds)]
  return `${least.toFixed(0)} ms to ${most.toFixed(0)} ms`
}

function describeFacts({ issued, revoked, signedTokens }: Journal): string {
  return `${issued.size} tokens, ${signedTokens.length} pairs of JWTs and ${revoked.size} revocations are there`
}

/**
 * Stops it in the middle of requests: the bodies come when it has closed its port, one of them late.
 *
 * @param options.patience milliseconds within which it has to close its port
 * @returns how many milliseconds after the signal its port was closed, and after the last body it was gone
 */
async function stopHolding(
  service: ServerProcess,
  http: Http,
  options: { heldRequests: number; slowestBody: number; patience: number },
): Promise<{ closed: number; gone: number }> {
  const { heldRequests, slowestBody, patience } = options
  const holding = Array.from({ length: heldRequests }, () => holdRequest(http))
  const [slow, ...others] = await Promise.all(holding)
  const started = performance.now()
  const exited = service.end('SIGTERM')
  const closed = await refusesConnections(service.url, patience)
  const slowAnswer = delay(slowestBody).then(() => slow?.())
  const lastBody = performance.now() + slowestBody
  requireTokens(await Promise.all([...others.map((finish) => finish()), slowAnswer]))

  assert.equal(await exited, 0)
  const ended = performance.now()
  assert.ok(ended - started < allowedTime, `it took ${ended - started} ms`)
  return { closed, gone: ended - lastBody }
}

function requireTokens(answers: readonly (string | undefined)[]): void {
  for (const answer of answers) assert.match(answer ?? '', /^HTTP\/1\.1 200 [\s\S]*"access_token":/)
}

/**
 * Asks until it is refused, with pauses: a server that is busy with new connections comes late to its signal.
 *
 * @returns how many milliseconds that took
 */
async function refusesConnections(url: string, patience: number): Promise<number> {
  const started = performance.now()
  for (;;) {
    const socket = await openConnection(url).catch(() => undefined)
    const took = performance.now() - started
    assert.ok(took <= patience, `new connections are still accepted ${took} ms after the signal`)
    if (socket === undefined) return took
    socket.destroy()
    await delay(10)
  }
}

if (import.meta.main) {
  console.log(describeRun())
  await stopUnderLoad()
}
