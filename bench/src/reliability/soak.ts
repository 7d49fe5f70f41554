/**
 * The token service under half of its peak load, with all flows mixed, for 10 minutes. Fails on any error, when it
 * takes less than that load, when memory grows, when it becomes slower, and when it stalls.
 *
 * `npx nx run bench:soak`, or for another time in seconds `npx node bench/src/reliability/soak.ts 180`
 */
import assert from 'node:assert/strict'

import { mebibyte } from '../mebibyte.ts'
import { describeRun } from '../run-conditions.ts'
import { allFlows } from './flows.ts'
import { requireLevel } from './level.ts'
import { describeLoad, type Load, type Print, quantile, requireGoodLoad, runLoad } from './load.ts'
import { openLogoutReceiver } from './logout-receiver.ts'
import { comparePace } from './pace.ts'
import { requireNoResidue } from './residue.ts'
import { createTokenServicePlace } from './token-service.ts'
import { toldLogout } from './told-logout.ts'

const parts = 10
/**
 * What memory may rise by in the second half of the time. The process may have a step as well: V8 enlarges the
 * part of the heap for what is new at some time or other, and has then reserved what it needs.
 */
export const allowances = {
  heapUsed: { rise: 4 * mebibyte },
  rss: { rise: 8 * mebibyte, step: 48 * mebibyte },
} as const
/**
 * Argon2id takes 19 MiB for a password. Of what is given back glibc keeps one or two such pieces for each thread, by
 * chance, beside which a leak would not be seen. It does so up to a bound that it raises by itself, unless it is told
 * one: 1 MiB. What is larger then comes from the system and goes back to it. Other systems do not know the variable.
 *
 * @see {@link https://man7.org/linux/man-pages/man3/mallopt.3.html mallopt(3), M_MMAP_THRESHOLD}
 */
const environment = { MALLOC_MMAP_THRESHOLD_: String(mebibyte) }
/** How much of half the peak load has to have been sent. A service that falls behind would get less, and have it easy. */
const leastSent = 0.95
/** Milliseconds that a flow may take with all that goes on, rather than beside a neighbour. */
const longestUnderLoad = 5_000

/**
 * @param options.warmUp seconds at full load, which also tell what full load is
 * @param options.residueMeasurements how often is measured what requests leave behind: after a long load more often
 * @param options.isQuiet whether the machine has nothing else to do, so that times say something of the service
 */
export async function soak({
  seconds = 600,
  warmUp = 20,
  residueMeasurements = 5,
  isQuiet = true,
  print = console.log as Print,
} = {}): Promise<void> {
  const receiver = await openLogoutReceiver()
  using place = await createTokenServicePlace({ backChannelLogoutUri: receiver.uri })
  const flows = [...allFlows, toldLogout(receiver)]
  const service = await place.start(environment)
  try {
    const peak = await runLoad(service.url, flows, { seconds: warmUp })
    requireGoodLoad(peak)
    const rate = peak.flows / peak.seconds / 2
    print(`peak: ${(rate * 2).toFixed(1)} flows/s, ${describeLoad(peak)}`)

    print(await requireNoResidue(service, residueMeasurements))
    const measured: Part[] = []
    for (let part = 1; part <= parts; part++) {
      const load = await runLoad(service.url, flows, { seconds: seconds / parts, rate })
      requireGoodLoad(load, isQuiet ? longestUnderLoad : undefined)
      const memory = await service.measureMemory()
      measured.push({ ...load, memory })
      print(`part ${part}: ${describeLoad(load)}, ${describeMemory(memory)}`)
    }
    const sent = requireLoad(measured, Math.ceil((rate * seconds) / parts))
    const memory = requireLevels(measured)
    const pace = comparePace(measured.map(({ durations }) => quantile(durations, 0.99)))
    assert.ok(pace.isLevel || !isQuiet, `it becomes slower: p99 ${pace.description}`)
    const total = sum(measured.map(({ requests }) => requests))
    assert.equal(await service.end('SIGTERM'), 0)
    assert.equal(service.complaints(), '')
    print(
      `${seconds} s: ${total} requests without an error, ${sent} of half the peak; p99 ${pace.description}; ${memory}`,
    )
  } finally {
    await service.end('SIGKILL')
    receiver.close()
  }
}

/** What came of a tenth of the time, and the memory at its end in bytes. */
interface Part extends Load {
  readonly memory: NodeJS.MemoryUsage
}

/** Beside the process and its heap what else there is to a process, so that a step tells where it comes from. */
function describeMemory({ rss, heapUsed, heapTotal, external }: NodeJS.MemoryUsage): string {
  const [all, used, reserved, outside] = [rss, heapUsed, heapTotal, external].map(inMebibytes)
  return `process ${all}, heap ${used} of ${reserved} reserved, buffers ${outside}`
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

/** Asserts that memory does not grow, and says how little it does. */
function requireLevels(measured: readonly Part[]): string {
  const [heap, whole] = (['heapUsed', 'rss'] as const).map((kind) => {
    const sizes = measured.map(({ memory }) => memory[kind])
    return inMebibytes(requireLevel(sizes, allowances[kind], kind))
  })
  return `in the second half the heap rose by ${heap}, the process by ${whole}`
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

function inMebibytes(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`
}

if (import.meta.main) {
  console.log(describeRun())
  await soak({ seconds: Number(process.argv[2] ?? 600) })
}
