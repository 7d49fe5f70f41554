import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

/**
 * Sends text as it stands over a connection of its own, and reads whatever comes back until the server
 * closes it. For requests that no HTTP client would send.
 *
 * @param end whether the client closes its half when all is sent
 */
export async function sendBytes(port: number, request: string, { end = false } = {}) {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(request)
  if (end) socket.end()
  const response = await text(socket)
  const [head = '', body = ''] = response.split('\r\n\r\n', 2)
  return { status: Number(head.split(' ')[1]), head, body }
}
