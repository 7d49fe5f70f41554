/**
 * The token service under half of its peak load, with all flows mixed, for 10 minutes. Fails on any error, and
 * when memory grows.
 *
 * `npx nx run bench:soak`, or for another time in seconds `node bench/src/reliability/soak.ts 180`
 */
import assert from 'node:assert/strict'

import { allFlows } from './flows.ts'
import { describeDurations, type Print, runLoad } from './load.ts'
import type { ServerProcess } from './server-process.ts'
import { createTokenServicePlace } from './token-service.ts'

/** What the heap may grow by from the second part to the last: caches fill, and what expires later is in the store. */
const allowedGrowth = 4 * 2 ** 20
const parts = 10

/** @param options.warmUp seconds at full load, which also tell what full load is */
export async function soak({
  seconds = 600,
  warmUp = 20,
  print = console.log as Print,
} = {}): Promise<void> {
  using place = await createTokenServicePlace()
  const service = await place.start()
  try {
    const peak = await runLoad(service.url, allFlows, { seconds: warmUp })
    assert.deepEqual(peak.errors, [])
    const rate = peak.flows / peak.seconds / 2
    print(`peak: ${(rate * 2).toFixed(1)} flows/s, ${describeDurations(peak.durations)}`)

    const heaps = []
    for (let part = 1; part <= parts; part++) {
      const { heapUsed, description } = await runPart(service, { rate, seconds: seconds / parts })
      heaps.push(heapUsed)
      print(`part ${part}: ${description}`)
    }
    const growth = (heaps.at(-1) ?? 0) - (heaps[1] ?? 0)
    print(`the heap grew by ${(growth / 2 ** 20).toFixed(2)} MiB from part 2 to ${parts}`)
    assert.ok(growth < allowedGrowth, 'memory grows')
    assert.equal(service.complaints(), '')
    assert.equal(await service.end('SIGTERM'), 0)
  } finally {
    await service.end('SIGKILL')
  }
}

async function runPart(
  { url, measureMemory }: ServerProcess,
  { rate, seconds }: { rate: number; seconds: number },
) {
  const { errors, flows, durations } = await runLoad(url, allFlows, { seconds, rate })
  assert.deepEqual(errors, [])
  const { heapUsed, rss } = await measureMemory()
  const memory = `heap ${(heapUsed / 2 ** 20).toFixed(1)} MiB, process ${(rss / 2 ** 20).toFixed(0)} MiB`
  return { heapUsed, description: `${flows} flows, ${describeDurations(durations)}, ${memory}` }
}

if (import.meta.main) await soak({ seconds: Number(process.argv[2] ?? 600) })
