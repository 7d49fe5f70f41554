/**
 * Who is slow, absent or hangs, beside clients that are not: what they get meanwhile from the token service, and from
 * an API. Fails when one of their requests does or waits for too long, or when a connection that should be closed is not.
 *
 * `npx nx run bench:bad-neighbours`
 */
import assert from 'node:assert/strict'

import { mebibyte } from '../mebibyte.ts'
import { describeRun } from '../run-conditions.ts'
import { type Crowd, openCrowd } from './crowd.ts'
import { besideDeadReceiver } from './dead-receiver.ts'
import { machineFlows } from './flows.ts'
import { besideHangingIssuer } from './hanging-issuer.ts'
import { describeLoad, longestFlow, type Print, requireGoodLoad, runLoad } from './load.ts'
import { type Neighbour, neighbours } from './neighbours.ts'
import { requireOpenFiles } from './open-files.ts'
import type { ServerProcess } from './server-process.ts'
import { createTokenServicePlace } from './token-service.ts'

/** Seconds: crowds that the server closes so soon are waited for at the end, where each is not waited for by itself. */
const soon = 20

/**
 * @param options.connections of the greatest crowd
 * @param options.seconds of load beside each
 * @param options.warmUp seconds at full load before
 * @param options.waits whether to wait until the server has closed the last connection of each, before the next come
 * @param options.isQuiet whether the machine has nothing else to do, so that times say something of the service
 */
export async function besideNeighbours({
  connections = 10_000,
  seconds = 10,
  warmUp = 5,
  waits = true,
  isQuiet = true,
  print = console.log as Print,
} = {}): Promise<void> {
  requireOpenFiles(connections)
  using place = await createTokenServicePlace()
  const service = await place.start()
  const measure = async (beside: string, longest = longestFlow) => {
    const load = await runLoad(service.url, machineFlows, { seconds, rate: 20 })
    requireGoodLoad(load, isQuiet ? longest : undefined)
    return `beside ${beside}: ${describeLoad(load)}, ${await describeProcess(service)}`
  }
  const crowds: [Crowd, Neighbour][] = []
  const rows: string[] = []
  const report = (row: string) => {
    rows.push(row)
    print(row)
  }
  try {
    requireGoodLoad(await runLoad(service.url, machineFlows, { seconds: warmUp }))
    report(await measure('nobody'))
    for (const neighbour of neighbours) {
      const size = connections * neighbour.share
      const crowd = await openCrowd(service.url, size, neighbour)
      crowds.push([crowd, neighbour])
      if (neighbour.allUntil !== undefined) requireAll(crowd, size)
      const row = await measure(`${size} ${neighbour.name}`, neighbour.longest)
      if (neighbour.allUntil === 'load ends') requireAll(crowd, size)
      report(waits ? `${row}, ${await waitUntilClosed(crowd, neighbour)}` : row)
      if (neighbour.closedWithin > soon) crowd.leave()
    }
    const closing = crowds.filter(([, { closedWithin }]) => closedWithin <= soon)
    await Promise.all(closing.map(([crowd, neighbour]) => waitUntilClosed(crowd, neighbour)))
    assert.equal(await service.end('SIGTERM'), 0)
    assert.equal(service.complaints(), '')
    print(rows.join('; '))
  } finally {
    for (const [crowd] of crowds) crowd.leave()
    await service.end('SIGKILL')
  }
}

/** A server that closes them at once has nobody beside it. */
function requireAll(crowd: Crowd, size: number): void {
  assert.equal(crowd.size(), size, 'connections were closed that should be open')
}

async function waitUntilClosed(crowd: Crowd, { closedWithin }: Neighbour): Promise<string> {
  const milliseconds = await crowd.closed(closedWithin * 1000)
  return `the last one closed after ${(milliseconds / 1000).toFixed(0)} s`
}

async function describeProcess(service: ServerProcess): Promise<string> {
  const { rss } = await service.measureMemory()
  return `process ${(rss / mebibyte).toFixed(0)} MiB`
}

if (import.meta.main) {
  console.log(describeRun())
  await besideNeighbours()
  await besideHangingIssuer()
  await besideDeadReceiver()
}
