import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

/** Servers on the inspector's port that are none, and never come to the end of an answer. */
export const strangers: Readonly<Record<string, RequestListener>> = {
  'streams its answer': (_request, response) => {
    response.on('drain', () => pour(response))
    pour(response)
  },
  'sends a byte at a time': (_request, response) => {
    const timer = setInterval(() => response.write('.'), 200)
    response.on('close', () => clearInterval(timer))
  },
  'says nothing': () => {},
}

function pour(response: ServerResponse): void {
  while (response.write('x'.repeat(16_384)));
}

/** @returns The stranger's URL, for as long as the test runs. */
export async function startStranger(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
