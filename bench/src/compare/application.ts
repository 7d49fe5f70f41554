import { join } from 'node:path'

import { measure, median } from './measure.ts'
import { requiredOperation } from './operations.ts'
import { runFolder } from './registrations.ts'
import { describeCost, describeSpread, number, type Row } from './row.ts'
import { type ServerOptions, ServerProcess } from './server-process.ts'

const mebibyte = 1024 * 1024
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
  const times = await timesToStart(program, rounds)
  const server = await ServerProcess.start(program)
  try {
    await measure({ ...operation, warmUp: 60_000 }, [['ours', server]], 0)
    const { before } = await server.ask('memory')
    const measured = await measure(operation, [['ours', server]], rounds)
    const { title } = operation
    return [
      createRow(
        'start-up to the first 200, compile cache on',
        `${number(median(times))} ms ${describeSpread(times)}`,
      ),
      createRow(title, describeCost(measured.get('ours') ?? [])),
      createRow('memory after 60,000 token requests', `${number(before / mebibyte)} MiB`),
    ]
  } finally {
    await server.stop()
  }
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

async function timesToStart(program: ServerOptions, rounds: number): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const server = await ServerProcess.start(program)
    await server.stop()
    times.push(server.startup)
  }
  // The first brings the files into the caches.
  return times.slice(1)
}
