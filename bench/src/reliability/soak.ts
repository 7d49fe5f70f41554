/**
 * The token service under half of its peak load, with all flows mixed, for 10 minutes. Fails on any error, when it
 * takes less than that load, when memory grows, and when it becomes slower.
 *
 * `npx nx run bench:soak`, or for another time in seconds `node bench/src/reliability/soak.ts 180`
 */
import assert from 'node:assert/strict'

import { allFlows } from './flows.ts'
import { describeDurations, type Print, quantile, runLoad } from './load.ts'
import type { ServerProcess } from './server-process.ts'
import { createTokenServicePlace } from './token-service.ts'

const parts = 10
/** What it may grow by from the second part to the last: caches fill, and what expires later is in the store. */
const allowedGrowth = { heapUsed: 4 * 2 ** 20, rss: 32 * 2 ** 20 }
/** How much of half the peak load has to have been sent. A service that falls behind would get less, and have it easy. */
const leastSent = 0.95
/** How many times the p99 of the first three parts that of the last three may be. */
const allowedSlowdown = 1.5

/** Bytes. argon2id takes 19 MiB for a password, some of which the four threads of Node's pool keep. */
const passwordSteps = { size: 16 * 2 ** 20, all: 4 * 20 * 2 ** 20 }

/**
 * @param options.warmUp seconds at full load, which also tell what full load is
 * @param options.isQuiet whether the machine has nothing else to do, so that times say something of the service
 */
export async function soak({
  seconds = 600,
  warmUp = 20,
  isQuiet = true,
  print = console.log as Print,
} = {}): Promise<void> {
  using place = await createTokenServicePlace()
  const service = await place.start()
  try {
    const peak = await runLoad(service.url, allFlows, { seconds: warmUp })
    assert.deepEqual(peak.errors, [])
    const rate = peak.flows / peak.seconds / 2
    print(`peak: ${(rate * 2).toFixed(1)} flows/s, ${describeDurations(peak.durations)}`)

    const measured: Part[] = []
    for (let part = 1; part <= parts; part++) {
      const { description, ...figures } = await runPart(service, { rate, seconds: seconds / parts })
      measured.push(figures)
      print(`part ${part}: ${description}`)
    }
    const sent = requireLoad(measured, Math.ceil((rate * seconds) / parts))
    const heap = requireLevel(measured, 'heapUsed')
    const memory = requireLevel(measured, 'rss', passwordSteps)
    const times = comparePace(measured, isQuiet)
    const total = sum(measured.map(({ durations }) => durations.length))
    assert.equal(await service.end('SIGTERM'), 0)
    assert.equal(service.complaints(), '')
    print(
      `${seconds} s: ${total} requests without an error, ${sent} of half the peak; p99 ${times}; heap ${heap}, process ${memory}`,
    )
  } finally {
    await service.end('SIGKILL')
  }
}

/** What came of a tenth of the time: durations in milliseconds, memory in bytes. */
interface Part {
  readonly flows: number
  readonly durations: readonly number[]
  readonly heapUsed: number
  readonly rss: number
}

async function runPart(
  { url, measureMemory }: ServerProcess,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<Part & { description: string }> {
  const { errors, flows, durations } = await runLoad(url, allFlows, { seconds, rate })
  assert.deepEqual(errors, [])
  const { heapUsed, rss } = await measureMemory()
  const memory = `heap ${inMebibytes(heapUsed)}, process ${inMebibytes(rss)}`
  const description = `${flows} flows, ${describeDurations(durations)}, ${memory}`
  return { flows, durations, heapUsed, rss, description }
}

/**
 * Asserts that the load was what it should be.
 *
 * @param expected flows of a part
 * @returns the share of it in words, as the figures of the others
 */
function requireLoad(measured: readonly Part[], expected: number): string {
  const flows = sum(measured.map((part) => part.flows))
  const share = flows / (expected * parts)
  assert.ok(share >= leastSent, `only a share of ${share.toFixed(2)} of the load could be sent`)
  return `${(share * 100).toFixed(1)} %`
}

/**
 * Asserts that memory does not grow, but for some steps.
 *
 * @param steps what is no growth: a step from one part to the next of at least `size` bytes, while all of
 *   them are not more than `all`
 */
function requireLevel(
  measured: readonly Part[],
  kind: keyof typeof allowedGrowth,
  steps = { size: Number.POSITIVE_INFINITY, all: 0 },
): string {
  const sizes = measured.slice(1).map((part) => part[kind])
  const increases = sizes.slice(1).map((size, index) => size - (sizes[index] ?? size))
  const isStep = (increase: number) => increase >= steps.size
  const stepped = sum(increases.filter(isStep))
  const grown = sum(increases.filter((increase) => !isStep(increase)))
  const described = `${inMebibytes(sizes[0] ?? 0)} in part 2 and ${inMebibytes(sizes.at(-1) ?? 0)} in part ${parts}`
  const isLevel = grown < allowedGrowth[kind] && stepped <= steps.all
  assert.ok(isLevel, `memory grows: ${kind} was ${described}`)
  return described
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

/** Asserts that it does not become slower, where that can be told. */
function comparePace(measured: readonly Part[], isQuiet: boolean): string {
  const [early, late] = [measured.slice(0, 3), measured.slice(-3)].map((some) =>
    quantile(
      some.flatMap(({ durations }) => durations),
      0.99,
    ),
  ) as [number, number]
  const isLevel = late <= early * allowedSlowdown
  assert.ok(isLevel || !isQuiet, `it becomes slower: p99 ${early} ms at first, then ${late} ms`)
  return `${early.toFixed(1)} ms in parts 1 to 3 and ${late.toFixed(1)} ms in parts 8 to 10`
}

function inMebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`
}

if (import.meta.main) await soak({ seconds: Number(process.argv[2] ?? 600) })
