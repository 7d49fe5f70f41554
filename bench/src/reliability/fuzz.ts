/**
 * Sends the token service 100,000 requests that are valid but for what is done to them, over every endpoint and
 * page. Fails on a 5xx, on an error in the log, on a connection that hangs or is closed without an answer, when memory
 * grows, and when too few get anywhere for all that to say much.
 *
 * `npx nx run bench:fuzz`, or other requests by their seed with `npx node bench/src/reliability/fuzz.ts 7`
 */
import assert from 'node:assert/strict'

import fc from 'fast-check'

import { hostileRequests, type WireRequest } from './hostile-requests.ts'
import { createHttp } from './http.ts'
import type { Print } from './load.ts'
import { sendText } from './raw-connection.ts'
import type { ServerProcess } from './server-process.ts'
import { createTokenServicePlace } from './token-service.ts'
import { createValidRequests } from './valid-requests.ts'

/** Requests at once, which is also how many fast-check narrows a failure down from. */
const atOnce = 20
/** Requests until handles are made anew: the others use them up, and sign their browsers out. */
const perRound = 1_000
/** What the heap may grow by, in bytes, from the second round to the last. */
const allowedGrowth = 8 * 2 ** 20
/** Bytes that arrive in one piece on any system. What is refused before the rest has come may be reset, unanswered. */
const onePiece = 16 * 2 ** 10
/** Shares of the requests: what has to get as far as an answer to a good one, and what may get no answer at all. */
const leastServed = 0.4
const mostUnanswered = 0.05

export async function fuzz({
  requests = 100_000,
  seed = 1,
  print = console.log as Print,
} = {}): Promise<void> {
  using place = await createTokenServicePlace()
  const service = await place.start()
  const statuses = new Map<string, number>()
  const heaps: number[] = []
  try {
    for (let round = 0; round < requests / perRound; round++) {
      const valid = await createValidRequests(createHttp(service.url))
      const batches = fc.array(hostileRequests(valid), { minLength: atOnce, maxLength: atOnce })
      const property = fc.asyncProperty(batches, (batch) => withstands(service, batch, statuses))
      await fc.assert(property, { seed: seed * 1_000 + round, numRuns: perRound / atOnce })
      heaps.push((await service.measureMemory()).heapUsed)
    }
    print([...statuses].sort().join('; '))
    print(`heap in MiB: ${heaps.map((heap) => (heap / 2 ** 20).toFixed(1)).join(' ')}`)
    const growth = (heaps.at(-1) ?? 0) - (heaps[1] ?? 0)
    assert.ok(growth < allowedGrowth, 'memory grows')
    const shares = requireShares(statuses)
    // Once more, as the log of the last requests can come after their answers.
    assert.equal(await service.end('SIGTERM'), 0)
    assert.equal(service.complaints(), '')
    print(
      `${requests} requests of seed ${seed}: ${shares}; the heap grew by ${(growth / 2 ** 20).toFixed(1)} MiB from round 2 to ${heaps.length}`,
    )
  } finally {
    await service.end('SIGKILL')
  }
}

async function withstands(
  { url, complaints, child }: ServerProcess,
  batch: readonly WireRequest[],
  statuses: Map<string, number>,
): Promise<void> {
  const before = complaints()
  await Promise.all(
    batch.map(async ({ text, isCut }) => {
      const answer = await sendText(url, text, isCut)
      const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 'none'
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      assert.doesNotMatch(answer, /^HTTP\/1\.1 5/m, text)
      const mayBeReset = isCut || Buffer.byteLength(text) > onePiece
      assert.ok(status !== 'none' || mayBeReset, `no answer to\n${text}`)
    }),
  )
  assert.equal(complaints(), before)
  assert.equal(child.exitCode, null)
}

/** Asserts that the statuses are spread as they should be, and says how. */
function requireShares(statuses: ReadonlyMap<string, number>): string {
  const all = [...statuses.values()].reduce((sum, count) => sum + count, 0)
  const share = (pattern: RegExp) =>
    [...statuses].reduce((sum, [status, count]) => sum + (pattern.test(status) ? count : 0), 0) /
    all
  const [served, refused, unanswered] = [share(/^2|^303$/), share(/^4/), share(/^none$/)]
  assert.ok(served > leastServed, `only a share of ${served} got a 2xx or a 303`)
  assert.ok(unanswered < mostUnanswered, `a share of ${unanswered} got no answer`)
  const percent = (value: number) => `${(value * 100).toFixed(1)} %`
  return `${percent(served)} 2xx or 303, ${percent(refused)} 4xx, ${percent(unanswered)} reset`
}

if (import.meta.main) await fuzz({ seed: Number(process.argv[2] ?? 1) })
