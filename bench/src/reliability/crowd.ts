import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

import { openConnection } from './raw-connection.ts'

/** What each connection of a crowd does. */
export interface Manner {
  /** What it sends at first. */
  readonly sends: string
  /** What it sends every second from then on. */
  readonly drips?: string
  /** Whether it closes its half when that is sent. */
  readonly ends?: boolean
  /** Whether it leaves what it is sent unread. */
  readonly isDeaf?: boolean
}

/** Many connections of one kind. */
export interface Crowd {
  /** How many are still open. */
  size(): number
  /**
   * Waits until the server has closed the last one: how many milliseconds one was open at the longest.
   *
   * @param patience milliseconds
   * @throws {AssertionError} when some are open after that
   */
  closed(patience: number): Promise<number>
  leave(): void
}

/** Connections that are opened at once: a server has but so much room for those that it has not accepted yet. */
const atOnce = 100

export async function openCrowd(url: string, size: number, manner: Manner): Promise<Crowd> {
  const sockets = new Set<Socket>()
  const closings: Promise<void>[] = []
  let longest = 0
  for (let begun = 0; begun < size; begun += atOnce) {
    const group = Array.from({ length: Math.min(atOnce, size - begun) }, open)
    await Promise.all(group)
  }
  const dripping = setInterval(() => {
    if (manner.drips !== undefined) for (const socket of sockets) socket.write(manner.drips)
  }, 1_000)

  async function open(): Promise<void> {
    const socket = await openConnection(url)
    const opened = performance.now()
    sockets.add(socket)
    const closing = Promise.withResolvers<void>()
    closings.push(closing.promise)
    socket.on('close', () => {
      sockets.delete(socket)
      longest = Math.max(longest, performance.now() - opened)
      closing.resolve()
    })
    socket.write(manner.sends)
    if (manner.ends) socket.end()
    if (!manner.isDeaf) socket.resume()
  }

  return {
    size: () => sockets.size,
    async closed(patience) {
      // Who reads nothing does not notice the end either.
      for (const socket of sockets) socket.resume()
      const late = new AbortController()
      await Promise.race([
        Promise.all(closings),
        delay(patience, undefined, late).catch(() => undefined),
      ])
      late.abort()
      assert.equal(sockets.size, 0, 'connections are open that should have been closed')
      return longest
    },
    leave() {
      clearInterval(dripping)
      for (const socket of sockets) socket.destroy()
    },
  }
}
