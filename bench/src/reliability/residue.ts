import assert from 'node:assert/strict'

import { createHttp, type Http } from './http.ts'
import { createRepeatedWorks, type RepeatedWork } from './repeated-work.ts'
import type { ServerProcess } from './server-process.ts'

/** Turns under way together. */
const atOnce = 4

/**
 * Asserts that requests leave nothing behind: so many follow each other that little of each would be seen, whatever
 * time there is.
 *
 * @param measurements of each work, of which the largest counts: what is given up of an earlier load, in a heap that
 *   shrinks, could hide what is kept
 * @returns bytes for each turn of each work, in words
 */
export async function requireNoResidue(service: ServerProcess, measurements = 1): Promise<string> {
  const http = createHttp(service.url)
  const residues: string[] = []
  for (const work of createRepeatedWorks()) {
    const most = (await measureResidue(service, http, work, measurements)).toFixed(0)
    residues.push(`${most} bytes in the heap after each of ${work.turns.measured} ${work.name}`)
  }
  return residues.join(', ')
}

async function measureResidue(
  { measureMemory }: ServerProcess,
  http: Http,
  { name, act, turns, allowed }: RepeatedWork,
  measurements: number,
): Promise<number> {
  const repeat = async (times: number) => {
    for (let turn = 0; turn < times; turn += atOnce)
      await Promise.all(Array.from({ length: atOnce }, () => act(http)))
  }
  await repeat(turns.before)
  const heaps = [(await measureMemory()).heapUsed]
  for (let n = 0; n < measurements; n++) {
    await repeat(turns.measured)
    heaps.push((await measureMemory()).heapUsed)
  }
  const rises = heaps.slice(1).map((heap, n) => heap - (heaps[n] ?? 0))
  const residue = Math.max(...rises) / turns.measured
  assert.ok(residue <= allowed, `each of ${name} leaves ${residue.toFixed(0)} bytes in the heap`)
  return residue
}
