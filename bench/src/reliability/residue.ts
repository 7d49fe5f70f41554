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
 * @returns bytes for each turn of each work, in words
 */
export async function requireNoResidue(service: ServerProcess): Promise<string> {
  const http = createHttp(service.url)
  const residues: string[] = []
  for (const work of createRepeatedWorks()) {
    const residue = (await measureResidue(service, http, work)).toFixed(0)
    residues.push(`${residue} bytes in the heap after each of ${work.turns.measured} ${work.name}`)
  }
  return residues.join(', ')
}

async function measureResidue(
  { measureMemory }: ServerProcess,
  http: Http,
  { name, act, turns, allowed }: RepeatedWork,
): Promise<number> {
  const repeat = async (times: number) => {
    for (let turn = 0; turn < times; turn += atOnce)
      await Promise.all(Array.from({ length: atOnce }, () => act(http)))
  }
  await repeat(turns.before)
  const { heapUsed: before } = await measureMemory()
  await repeat(turns.measured)
  const { heapUsed: after } = await measureMemory()
  const residue = (after - before) / turns.measured
  assert.ok(residue <= allowed, `each of ${name} leaves ${residue.toFixed(0)} bytes in the heap`)
  return residue
}
