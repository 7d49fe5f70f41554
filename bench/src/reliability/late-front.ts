import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** What stands in front of a token service, passes on what it gets, and can be told to answer late. */
export interface LateFront {
  readonly url: string
  /** Holds back the answers about tokens from now on: so many milliseconds each, by turns. */
  holdBack(waits: readonly number[]): void
  /** Breaks off all connections, and takes no more. */
  close(): void
}

/** @param target URL of the token service, which need not be there yet */
export async function openLateFront(target: string): Promise<LateFront> {
  let waits: readonly number[] = []
  let turn = 0
  const server = createServer((req, res) => {
    const { method, headers, url = '/' } = req
    const isHeld = url === '/connect/introspect'
    const forwarded = request(target + url, { method, headers }, async (answer) => {
      if (isHeld) await delay(waits[turn++ % waits.length] ?? 0)
      res.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(res)
    })
    req.pipe(forwarded.on('error', () => res.destroy()))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    holdBack: (milliseconds) => {
      waits = milliseconds
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
