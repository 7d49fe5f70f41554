import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

import { inspectorGreeting } from '../src/recorder/deliver.ts'
import type { Recording } from '../src/recording.ts'

/**
 * In the inspector's place: keeps what recorders send, for as long as the test runs.
 *
 * @param options `unanswered` is the number of calls that it leaves without an answer at first.
 */
export async function startCollector(
  t: TestContext,
  answer: object = inspectorGreeting,
  { unanswered = 0 } = {},
) {
  const recordings: Recording[] = []
  let calls = 0
  const server = createServer(async (request, response) => {
    recordings.push(...((await json(request)) as Recording[]))
    if (++calls > unanswered) response.end(JSON.stringify(answer))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  return { recordings, url: `http://127.0.0.1:${port}` }
}
