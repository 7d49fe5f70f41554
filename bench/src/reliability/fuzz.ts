/**
 * Sends the token service 100,000 requests that are valid but for what is done to them, over every endpoint and
 * page. Fails on a 5xx, on an error in the log, on a connection that hangs or is closed without an answer, when memory
 * grows, when a request to which nothing was done is not served, and when too few of a kind are for all that to say
 * much.
 *
 * `npx nx run bench:fuzz`, or other requests by their seed with `npx node bench/src/reliability/fuzz.ts 7`
 */
import assert from 'node:assert/strict'

import fc from 'fast-check'

import { mebibyte } from '../mebibyte.ts'
import { describeRun } from '../run-conditions.ts'
import { createTally, type Tally } from './fuzz-tally.ts'
import { hostileRequests } from './hostile-requests.ts'
import { createHttp } from './http.ts'
import type { Print } from './load.ts'
import { sendText } from './raw-connection.ts'
import { type RequestKind, requireServed, type ValidRequest } from './request-kind.ts'
import type { ServerProcess } from './server-process.ts'
import { createTokenServicePlace } from './token-service.ts'
import { validRequests } from './valid-requests.ts'
import { createVisit, openVisitor, type Visit } from './visit.ts'
import { createWireRequest } from './wire-request.ts'

/** Requests at once, before which tokens are made anew, and the user signs in again who was signed out. */
const atOnce = 20
/** What the heap may grow by from the second round to the last: so much a round, and so much in all. */
const allowedGrowth = { perRound: mebibyte, inAll: 8 * mebibyte }
/** Bytes that arrive in one piece on any system. What is refused before the rest has come may be reset, unanswered. */
const onePiece = 16 * 2 ** 10

/** @param options.perRound requests until one of each kind is sent with nothing done to it, and the heap is measured */
export async function fuzz({
  requests = 100_000,
  perRound = 1_000,
  seed = 1,
  print = console.log as Print,
} = {}): Promise<void> {
  using place = await createTokenServicePlace()
  const service = await place.start()
  const tally = createTally()
  const heaps: number[] = []
  try {
    for (let round = 0; round < requests / perRound; round++) {
      await withstandsRound(service, { seed: seed * 1_000 + round, perRound }, tally)
      heaps.push((await service.measureMemory()).heapUsed)
    }
    for (const line of tally.describe()) print(line)
    print(`heap in MiB: ${heaps.map((heap) => (heap / mebibyte).toFixed(1)).join(' ')}`)
    const growth = requireLevelHeap(heaps)
    const shares = tally.requireShares()
    // Once more, as the log of the last requests can come after their answers.
    assert.equal(await service.end('SIGTERM'), 0)
    assert.equal(service.complaints(), '')
    print(
      `${requests} requests of seed ${seed}: ${shares}; the heap grew by ${(growth / mebibyte).toFixed(1)} MiB from round 2 to ${heaps.length}`,
    )
  } finally {
    await service.end('SIGKILL')
  }
}

async function withstandsRound(
  service: ServerProcess,
  { seed, perRound }: { seed: number; perRound: number },
  tally: Tally,
): Promise<void> {
  const visitor = await openVisitor(createHttp(service.url))
  const latest = await requireAllServed(service, await createVisit(visitor))
  const batches = fc.array(hostileRequests(validRequests), {
    minLength: atOnce,
    maxLength: atOnce,
  })
  const property = fc.asyncProperty(batches, async (batch) => {
    const visit = await createVisit(visitor)
    const others = [...latest.values()]
    const sent = batch.map(async ({ kind, distortion }) => {
      const request = await kind.create(visit)
      latest.set(kind, request)
      const { text, isCut } = createWireRequest(request, distortion, others)
      const answer = await send(service, text, isCut)
      tally.count(kind, isCut || text !== createWireRequest(request).text, answer)
      return text
    })
    requireHealth(service, await Promise.all(sent))
  })
  // A failure names its request, and is not narrowed down: one that hangs would, for 10 s at each attempt.
  const options = { seed, numRuns: perRound / atOnce, endOnFailure: true }
  const { errorInstance } = await fc.check(property, options)
  if (errorInstance !== null) throw errorInstance
}

/** Sends a request of each kind, by itself and as it is. What has come to be refused would test nothing. */
async function requireAllServed(
  service: ServerProcess,
  visit: Visit,
): Promise<Map<RequestKind, ValidRequest>> {
  const sent = new Map<RequestKind, ValidRequest>()
  for (const kind of validRequests) {
    const request = await kind.create(visit)
    const { text, isCut } = createWireRequest(request)
    requireServed(kind, text, await send(service, text, isCut))
    requireHealth(service, [text])
    sent.set(kind, request)
  }
  return sent
}

async function send({ url }: ServerProcess, text: string, isCut: boolean): Promise<string> {
  const answer = await sendText(url, text, isCut).catch((error: unknown) => {
    throw new Error(`no end of the answer to\n${text}`, { cause: error })
  })
  assert.doesNotMatch(answer, /^HTTP\/1\.1 5/m, `${text}\ngot\n${answer}`)
  const mayBeReset = isCut || Buffer.byteLength(text) > onePiece
  assert.ok(answer.startsWith('HTTP/1.1 ') || mayBeReset, `no answer to\n${text}`)
  return answer
}

function requireHealth({ complaints, child }: ServerProcess, sent: readonly string[]): void {
  const isWell = complaints() === '' && child.exitCode === null
  assert.ok(isWell, `${complaints()}\nafter one of\n${sent.join('\n\n')}`)
}

/** Asserts that memory does not grow, and tells how little it does. */
function requireLevelHeap(heaps: readonly number[]): number {
  const growth = (heaps.at(-1) ?? 0) - (heaps[1] ?? 0)
  const allowed = Math.min((heaps.length - 2) * allowedGrowth.perRound, allowedGrowth.inAll)
  assert.ok(growth <= allowed, `memory grows by ${growth} bytes`)
  return growth
}

if (import.meta.main) {
  console.log(describeRun())
  await fuzz({ seed: Number(process.argv[2] ?? 1) })
}
