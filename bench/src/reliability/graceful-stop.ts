/**
 * Stops the token service under load, with SIGTERM, 10 times: requests under way are answered, new ones refused, it
 * exits with 0 within 5 s, and what it has acknowledged is there when it is started again.
 *
 * `npx nx run bench:graceful-stop`
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'

import { allFlows } from './flows.ts'
import { createHttp, type Http } from './http.ts'
import { createJournal, type Journal } from './journal.ts'
import { issueAndRevoke, issueSigned, workUntilGone } from './journaled-work.ts'
import type { Print } from './load.ts'
import { openConnection } from './raw-connection.ts'
import type { ServerProcess } from './server-process.ts'
import { createTokenServicePlace } from './token-service.ts'
import { verifyJournal } from './verify-journal.ts'

/** Milliseconds. */
const allowedTime = 5_000

/**
 * @param options.heldRequests requests whose bodies come when it has closed its port
 * @param options.slowestBody milliseconds for which the last of them is kept back. Requests under way are promised 4 s,
 *   of which a busy machine needs some
 */
export async function stopUnderLoad({
  stops = 10,
  heldRequests = 50,
  slowestBody = 3_000,
  print = console.log as Print,
} = {}): Promise<void> {
  using place = await createTokenServicePlace()
  const http = createHttp(place.url)
  const journal = createJournal()
  const times: number[] = []
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
      // Until then only what the load finds wrong ends it, and what it finds afterwards ends the stop.
      await Promise.race([load, delay(1_000)])
      const [milliseconds] = await Promise.all([
        stopHolding(service, http, { heldRequests, slowestBody }),
        load,
      ])
      assert.equal(service.complaints(), '')
      times.push(milliseconds)
      service = await place.start()
      await verifyJournal(http, journal)
      print(`stop ${stop}: gone ${milliseconds.toFixed(0)} ms later, ${describeFacts(journal)}`)
    }
    assert.equal(service.complaints(), '')
    const [least, most] = [Math.min(...times), Math.max(...times)].map((time) => time.toFixed(0))
    print(
      `${stops} stops with ${heldRequests} requests under way, the last of them for ${slowestBody} ms, gone ${least} ms to ${most} ms later, ${describeFacts(journal)}`,
    )
  } finally {
    await service.end('SIGKILL')
  }
}

function describeFacts({ issued, revoked, signedTokens }: Journal): string {
  return `${issued.size} tokens, ${signedTokens.length} pairs of JWTs and ${revoked.size} revocations are there`
}

/**
 * Stops it in the middle of requests: the bodies come when it has closed its port, one of them late.
 *
 * @returns how many milliseconds after the last body it was gone
 */
async function stopHolding(
  service: ServerProcess,
  http: Http,
  { heldRequests, slowestBody }: { heldRequests: number; slowestBody: number },
): Promise<number> {
  const holding = Array.from({ length: heldRequests }, () => holdRequest(http))
  const [slow, ...others] = await Promise.all(holding)
  const started = performance.now()
  const exited = service.end('SIGTERM')
  await refusesConnections(service.url)
  const slowAnswer = delay(slowestBody).then(() => slow?.())
  const lastBody = performance.now() + slowestBody
  requireTokens(await Promise.all([...others.map((finish) => finish()), slowAnswer]))

  assert.equal(await exited, 0)
  const gone = performance.now()
  assert.ok(gone - started < allowedTime, `it took ${gone - started} ms`)
  return gone - lastBody
}

function requireTokens(answers: readonly (string | undefined)[]): void {
  for (const answer of answers) assert.match(answer ?? '', /^HTTP\/1\.1 200 [\s\S]*"access_token":/)
}

const heldBody = 'grant_type=client_credentials&scope=scope1'

/** A token request that the server has begun to read: what sends the rest and reads the answer. */
async function holdRequest({ url }: Http): Promise<() => Promise<string>> {
  const socket = await openConnection(url)
  socket.write(
    [
      'POST /connect/token HTTP/1.1',
      'Host: localhost',
      'Connection: close',
      `Authorization: Basic ${btoa('client-credentials:secret')}`,
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${heldBody.length}`,
      // The server says when it has the header.
      'Expect: 100-continue',
      '\r\n',
    ].join('\r\n'),
  )
  const [interim] = (await once(socket, 'data')) as [Buffer]
  assert.match(interim.toString(), /^HTTP\/1\.1 100 /)
  return () => finish(socket)
}

async function finish(socket: Socket): Promise<string> {
  socket.write(heldBody)
  return text(socket)
}

/** Asks with pauses: a server that is busy with new connections comes late to its signal. */
async function refusesConnections(url: string): Promise<void> {
  for (;;) {
    try {
      const socket = await openConnection(url)
      socket.destroy()
      await delay(10)
    } catch {
      return
    }
  }
}

if (import.meta.main) await stopUnderLoad()
