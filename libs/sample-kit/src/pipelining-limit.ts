import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Requests of one connection that may wait for the answers to those before them. */
const maximumWaiting = 16

/**
 * Bounds what a connection can ask for ahead of the answers. These are kept in memory until the client reads
 * them, and whoever reads none would fill it. Browsers send nothing ahead; a connection that overdoes it is closed.
 *
 * @returns whether a request is to be answered
 * @see {@link https://www.rfc-editor.org/rfc/rfc9112.html#section-9.3.2 RFC 9112 §9.3.2}
 */
export function pipeliningLimit(): (request: IncomingMessage, response: ServerResponse) => boolean {
  const waiting = new WeakMap<Socket, number>()

  function add(socket: Socket, change: 1 | -1): number {
    const count = (waiting.get(socket) ?? 0) + change
    waiting.set(socket, count)
    return count
  }

  return ({ socket }, response) => {
    // Of what was read in one go there is more to come when the connection is closed.
    if (socket.destroyed) return false
    // A response is given the socket when its turn has come.
    if (response.socket !== null) return true
    response.on('close', () => add(socket, -1))
    if (add(socket, 1) <= maximumWaiting) return true
    socket.destroy()
    return false
  }
}
