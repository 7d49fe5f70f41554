import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

/**
 * Sends text as it stands over a connection of its own, and reads whatever comes back until the server
 * closes it. For requests that no HTTP client would send. `statuses` are those of all responses.
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
  const statuses = [...response.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))
  return { status: Number(head.split(' ')[1]), head, body, statuses }
}

/**
 * Sends the head of a request, and then the same bytes for as long as the server takes them.
 *
 * @returns what the server has answered when it closes the connection
 */
export async function sendEndlessly(port: number, head: string, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  // One write at a time, so that the answer is read before the next.
  const sendMore = () => socket.write(bytes, (error) => error ?? sendMore())
  socket.write(head, sendMore)
  // A reset is how a connection ends that is closed while bytes come in.
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.on('close', resolve))
  return answer
}
