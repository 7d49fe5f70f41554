import assert from 'node:assert/strict'

import { machineFlows } from './flows.ts'
import { createHttp, type Http } from './http.ts'
import type { ServerProcess } from './server-process.ts'

/** Rounds of all flows of machines, 10 requests each: until the heap has what it needs, and while it is measured. */
const rounds = { before: 20, measured: 100 }
/** Bytes of the heap for each request, on the average. */
const allowedResidue = 2_048

/**
 * Asserts that requests leave nothing behind: so many follow each other that little of each would be seen, whatever
 * time there is.
 *
 * @returns bytes for each request, in words
 */
export async function requireNoResidue(service: ServerProcess): Promise<string> {
  let requests = 0
  const http = createHttp(service.url, () => requests++)
  await repeat(http, rounds.before)
  const { heapUsed: before } = await service.measureMemory()
  requests = 0
  await repeat(http, rounds.measured)
  const { heapUsed: after } = await service.measureMemory()
  const residue = (after - before) / requests
  assert.ok(residue <= allowedResidue, `a request leaves ${residue.toFixed(0)} bytes in the heap`)
  return `${residue.toFixed(0)} bytes in the heap after each of ${requests} requests`
}

async function repeat(http: Http, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await Promise.all(machineFlows.map((flow) => flow(http)))
}
