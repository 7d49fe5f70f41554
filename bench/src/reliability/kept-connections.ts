import assert from 'node:assert/strict'
import { Agent, type ClientRequest, request } from 'node:http'
import { text } from 'node:stream/consumers'

import type { ServerProcess } from './server-process.ts'

/**
 * Clients that ask for tokens without a pause, each on a connection of its own that it keeps, until a new one is
 * refused. On a connection that has served before, each request has to be answered: whoever has one that is not cannot
 * know what came of it. A new one may be refused, or closed before the server has seen it.
 *
 * @returns how many requests were answered, once the server is told to end
 */
export async function askOnKeptConnections(service: ServerProcess, clients = 10): Promise<number> {
  const answered = await Promise.all(
    Array.from({ length: clients }, () => askUntilRefused(service)),
  )
  return answered.reduce((sum, count) => sum + count, 0)
}

async function askUntilRefused({ url, isEnding }: ServerProcess): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  try {
    for (let answered = 0; ; ) {
      const sent = askForToken(url, agent)
      const status = await readStatus(sent).catch((error) => {
        assert.ok(isEnding(), error)
        assert.ok(!sent.reusedSocket, `a connection was closed on a request: ${error}`)
        return undefined
      })
      if (status === undefined) return answered
      assert.equal(status, 200)
      if (isEnding()) answered++
    }
  } finally {
    agent.destroy()
  }
}

function askForToken(url: string, agent: Agent): ClientRequest {
  return request(`${url}/connect/token`, {
    agent,
    method: 'POST',
    auth: 'introspection:secret',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  }).end('grant_type=client_credentials&scope=scope1')
}

function readStatus(sent: ClientRequest): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    sent.on('error', reject)
    sent.on('response', (response) =>
      text(response).then(() => resolve(response.statusCode), reject),
    )
  })
}
