import { join } from 'node:path'

import { median } from '../median.ts'
import { measure, measureTwo } from './measure.ts'
import type { ServerOptions } from './measured-server.ts'
import { requiredOperation } from './operations.ts'
import { describeSize, residentSizes } from './process-figures.ts'
import { programs, withServers } from './programs.ts'
import { runFolder } from './registrations.ts'
import { describeCost, type Row, ratios } from './row.ts'
import { describeTimes, timeToStart } from './start-up.ts'

const operation = requiredOperation('token-es256')

/**
 * What people start: identity-server, which is the engine that is compared elsewhere with Express around it, pages and a
 * log. Beside it oidc-provider as everywhere, which is an application of Koa, without pages and log. Nothing is asked of it.
 */
export async function application(rounds: number): Promise<Row[]> {
  const environment = { NODE_COMPILE_CACHE: join(runFolder(), 'compile-cache') }
  const compared: Compared<ServerOptions> = {
    ours: { program: 'identity-server', environment },
    other: { ...programs['oidc-provider'], environment },
  }
  const times = await timesToStart(compared, rounds)
  return withServers(compared, async (servers) => {
    await measure({ ...operation, warmUp: 60_000 }, servers, 0)
    const sizes = Object.fromEntries(await residentSizes(servers)) as Compared<number>
    const [own, others] = await measureTwo(operation, servers, rounds)
    return [
      createRow(
        'start-up to the first 200, compile cache on',
        { ours: describeTimes(times.ours), other: describeTimes(times.other) },
        times.other.map((time, round) => time / (times.ours[round] ?? Number.NaN)),
      ),
      createRow(
        operation.title,
        { ours: describeCost(own), other: describeCost(others) },
        ratios(own, others),
      ),
      createRow(
        'memory after 60,000 token requests',
        { ours: describeSize(sizes.ours), other: describeSize(sizes.other) },
        [sizes.other / sizes.ours],
      ),
    ]
  })
}

/** Something of identity-server, and of oidc-provider. */
type Compared<Value> = Readonly<Record<'ours' | 'other', Value>>

async function timesToStart(
  { ours, other }: Compared<ServerOptions>,
  rounds: number,
): Promise<Compared<number[]>> {
  const times: Compared<number[]> = { ours: [], other: [] }
  for (let round = 0; round <= rounds; round++) {
    times.ours.push(await timeToStart(ours))
    times.other.push(await timeToStart(other))
  }
  // The first brings the files into the caches.
  return { ours: times.ours.slice(1), other: times.other.slice(1) }
}

/** @param times how many times as much it is for oidc-provider, in each round or once */
export function createRow(title: string, figures: Compared<string>, times: readonly number[]): Row {
  return {
    section: 'process',
    title: `identity-server, the application: ${title}`,
    cells: {
      sqlite: figures.ours,
      'oidc-provider': `${figures.other}, ${median(times).toFixed(2)} × as much`,
    },
    goals: [],
    dominatedBy: 'the engine, Express, and a log line a request, which goes to /dev/null',
  }
}
