import { join } from 'node:path'

import { measure } from './measure.ts'
import { requiredOperation } from './operations.ts'
import { describeSize, residentSizes } from './process-figures.ts'
import { withServers } from './programs.ts'
import { runFolder } from './registrations.ts'
import { describeCost, type Row } from './row.ts'
import { describeTimes, timeToStart } from './start-up.ts'

const operation = requiredOperation('token-es256')

/**
 * What people start: identity-server, as an application around the engine that is compared elsewhere. The other
 * server has no counterpart, so nothing is asked of it.
 */
export async function application(rounds: number): Promise<Row[]> {
  const program = {
    program: 'identity-server',
    environment: { NODE_COMPILE_CACHE: join(runFolder(), 'compile-cache') },
  }
  const times: number[] = []
  // The first brings the files into the caches.
  for (let round = 0; round <= rounds; round++) times.push(await timeToStart(program))
  return withServers({ ours: program }, async (servers) => {
    await measure({ ...operation, warmUp: 60_000 }, servers, 0)
    const [memory = ''] = (await residentSizes(servers)).map(([, size]) => describeSize(size))
    const measured = await measure(operation, servers, rounds)
    return [
      createRow('start-up to the first 200, compile cache on', describeTimes(times.slice(1))),
      createRow(operation.title, describeCost(measured.get('ours') ?? [])),
      createRow('memory after 60,000 token requests', memory),
    ]
  })
}

function createRow(title: string, sqlite: string): Row {
  return {
    section: 'process',
    title: `identity-server, the application: ${title}`,
    cells: { sqlite },
    goals: [],
    dominatedBy: 'the same, Express, and a log line a request, which goes to /dev/null',
  }
}
