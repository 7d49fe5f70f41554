import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'

import type { Http } from './http.ts'
import { openConnection } from './raw-connection.ts'

const heldBody = 'grant_type=client_credentials&scope=scope1'

/** A token request that the server has begun to read: what sends the rest and reads the answer. */
export async function holdRequest({ url }: Http): Promise<() => Promise<string>> {
  const socket = await openConnection(url)
  socket.write(
    [
      'POST /connect/token HTTP/1.1',
      'Host: localhost',
      'Connection: close',
      `Authorization: Basic ${btoa('client-credentials:secret')}`,
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${heldBody.length}`,
      // The server says when it has the header.
      'Expect: 100-continue',
      '\r\n',
    ].join('\r\n'),
  )
  const [interim] = (await once(socket, 'data')) as [Buffer]
  assert.match(interim.toString(), /^HTTP\/1\.1 100 /)
  return () => finish(socket)
}

async function finish(socket: Socket): Promise<string> {
  socket.write(heldBody)
  return text(socket)
}
