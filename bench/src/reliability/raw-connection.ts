import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'

/** Milliseconds within which a connection has to be answered and closed. */
const patience = 10_000

/** Opens a connection to the server at the URL. It may be broken off, which is no error here. */
export async function openConnection(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  await once(socket, 'connect')
  return socket.on('error', () => {})
}

/**
 * Sends text as it stands over a connection of their own, and reads whatever comes back until the server closes
 * it: nothing, when it was broken off.
 *
 * @param end whether the client closes its half when all is sent
 * @throws {Error} when the server leaves the connection open for 10 s
 */
export async function sendText(url: string, request: string, end: boolean): Promise<string> {
  const socket = await openConnection(url)
  socket.write(request)
  if (end) socket.end()
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    socket.destroy()
  }, patience)
  const answer = await text(socket).catch(() => '')
  clearTimeout(timer)
  if (isLate) throw new Error('the connection was left open for 10 s')
  return answer
}
