import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

import { longestWay } from './logout-receiver.ts'

/** Milliseconds after which an attempt has failed. Only then the client is told again, after a rest. */
const attemptTimeout = 10_000

/** What a client has that takes the notifications of logouts, and says nothing. */
export interface SilentReceiver {
  readonly uri: string
  /**
   * Waits until it has got so many notifications, and asserts that it got no more before an attempt had failed.
   *
   * @returns how many it got
   */
  receivedAtOnce(expected: number): Promise<number>
  /** Takes no more connections. */
  close(): void
}

export async function openSilentReceiver(): Promise<SilentReceiver> {
  const arrivals: number[] = []
  const notifications = new EventEmitter()
  const server = createServer((socket) => {
    socket
      .on('error', () => {})
      .on('data', (data) => {
        if (!data.toString().startsWith('POST /logout ')) return
        arrivals.push(performance.now())
        notifications.emit('received')
      })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    uri: `http://127.0.0.1:${port}/logout`,
    async receivedAtOnce(expected) {
      const signal = AbortSignal.timeout(longestWay)
      while (arrivals.length < expected)
        await once(notifications, 'received', { signal }).catch(() =>
          assert.fail(`of ${expected} logouts only ${arrivals.length} were told`),
        )
      const [first = 0] = arrivals
      const atOnce = arrivals.filter((time) => time < first + attemptTimeout).length
      assert.equal(atOnce, expected, 'the client was told of more logouts at once')
      return atOnce
    },
    close: () => void server.close().unref(),
  }
}
