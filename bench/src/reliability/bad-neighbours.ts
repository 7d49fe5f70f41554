/**
 * Who is slow, absent or hangs, beside clients that are not: what they get meanwhile from the token service, and from
 * an API. Fails when one of their requests does or waits for too long, or when a connection that should be closed is not.
 *
 * `npx nx run bench:bad-neighbours`
 */
import assert from 'node:assert/strict'

import { type Crowd, type Manner, openCrowd } from './crowd.ts'
import { besideDeadReceiver } from './dead-receiver.ts'
import { machineFlows } from './flows.ts'
import { besideHangingIssuer } from './hanging-issuer.ts'
import { describeLoad, longestFlow, type Print, requireGoodLoad, runLoad } from './load.ts'
import type { ServerProcess } from './server-process.ts'
import { createTokenServicePlace } from './token-service.ts'

const head = 'POST /connect/token HTTP/1.1\r\nHost: localhost\r\n'
const form = `${head}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n`
const metadata = 'GET /.well-known/openid-configuration HTTP/1.1\r\nHost: localhost\r\n\r\n'

interface Neighbour extends Manner {
  readonly name: string
  /** The share of the crowd that it is. */
  readonly share: number
  /** Until when the server leaves all of them open. Those without it are closed as soon as can be. */
  readonly allUntil?: 'load begins' | 'load ends'
  /** Seconds after which the server has closed the last one. */
  readonly closedWithin: number
  /** Milliseconds that somebody else may wait beside it, where that is longer than beside the others. */
  readonly longest?: number
}

const neighbours: readonly Neighbour[] = [
  {
    name: 'connections never used',
    sends: '',
    share: 0.1,
    allUntil: 'load begins',
    closedWithin: 20,
  },
  {
    name: 'headers by the byte',
    sends: `${head}X: `,
    drips: 'x',
    share: 0.1,
    allUntil: 'load begins',
    closedWithin: 20,
  },
  {
    name: 'bodies by the byte',
    sends: form,
    drips: 'x',
    share: 0.1,
    allUntil: 'load ends',
    closedWithin: 40,
  },
  {
    name: 'half-closed connections',
    sends: `${form}a=b`,
    ends: true,
    share: 0.1,
    closedWithin: 20,
  },
  { name: 'idle connections', sends: metadata, share: 1, allUntil: 'load ends', closedWithin: 75 },
  {
    name: 'connections that ask far ahead and read nothing',
    sends: metadata.repeat(2_000),
    isDeaf: true,
    share: 0.01,
    closedWithin: 20,
    // All that was read of what they ask is parsed before anything else is.
    longest: 5_000,
  },
]

/**
 * @param options.connections of the greatest crowd
 * @param options.seconds of load beside each
 * @param options.warmUp seconds at full load before
 * @param options.waits whether to wait until the server has closed the last connection of each
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
  using place = await createTokenServicePlace()
  const service = await place.start()
  const measure = async (beside: string, longest = longestFlow) => {
    const load = await runLoad(service.url, machineFlows, { seconds, rate: 20 })
    requireGoodLoad(load, isQuiet ? longest : undefined)
    return `beside ${beside}: ${describeLoad(load)}, ${await describeProcess(service)}`
  }
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
      try {
        if (neighbour.allUntil !== undefined) requireAll(crowd, size)
        const row = await measure(`${size} ${neighbour.name}`, neighbour.longest)
        if (neighbour.allUntil === 'load ends') requireAll(crowd, size)
        report(
          waits
            ? `${row}, the last one closed after ${await waitUntilClosed(crowd, neighbour)} s`
            : row,
        )
      } finally {
        crowd.leave()
      }
    }
    assert.equal(await service.end('SIGTERM'), 0)
    assert.equal(service.complaints(), '')
    print(rows.join('; '))
  } finally {
    await service.end('SIGKILL')
  }
}

/** A server that closes them at once has nobody beside it. */
function requireAll(crowd: Crowd, size: number): void {
  assert.equal(crowd.size(), size, 'connections were closed that should be open')
}

async function waitUntilClosed(crowd: Crowd, { closedWithin }: Neighbour): Promise<string> {
  const milliseconds = await crowd.closed(closedWithin * 1000)
  return (milliseconds / 1000).toFixed(0)
}

async function describeProcess(service: ServerProcess): Promise<string> {
  const { rss } = await service.measureMemory()
  return `process ${(rss / 2 ** 20).toFixed(0)} MiB`
}

if (import.meta.main) {
  await besideNeighbours()
  await besideHangingIssuer()
  await besideDeadReceiver()
}
