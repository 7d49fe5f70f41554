import type { Server, ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'

/**
 * Prepares a server for the end of its service.
 *
 * @param grace Milliseconds for which connections stay open that nothing is asked on. A request may be on its way
 *   on one that was kept alive, and if it were closed, the client could not tell what became of the request.
 * @returns Stops listening, and resolves when the last connection is closed. Requests under way finish, and so do
 *   those that still come on connections that are open, which each answer says are closed after it.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9112.html#section-9.6 RFC 9112 §9.6}
 */
export function drain(server: Server, grace: number): () => Promise<void> {
  const unused = trackUnusedConnections(server)
  const underWay = new Set<ServerResponse>()
  let isDraining = false
  let isGraceOver = false

  // Before the application, which may answer at once.
  server.prependListener('request', (_request, response) => {
    if (isDraining) announceClose(response)
    underWay.add(response)
    response.on('close', () => {
      underWay.delete(response)
      // One that had begun before could not say that it is the last of its connection.
      if (isGraceOver) setImmediate(() => server.closeIdleConnections())
    })
  })

  function closeUnneeded(): void {
    isGraceOver = true
    server.closeIdleConnections()
    for (const socket of unused) socket.destroy()
  }

  return () => {
    isDraining = true
    for (const response of underWay) announceClose(response)
    // When what has come by then is read: Node runs its timers before that.
    setTimeout(() => setImmediate(closeUnneeded), grace).unref()
    // The `close` of HTTP would close idle connections right away.
    return new Promise((resolve) => NetServer.prototype.close.call(server, () => resolve()))
  }
}

function announceClose(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close')
}

/**
 * Browsers open connections ahead of need. Node does not count one as idle before its first request,
 * so it has to be closed besides.
 */
function trackUnusedConnections(server: Server): ReadonlySet<Socket> {
  const unused = new Set<Socket>()
  server.on('connection', (socket) => {
    unused.add(socket)
    socket.on('close', () => unused.delete(socket))
  })
  server.on('request', ({ socket }) => unused.delete(socket))
  return unused
}
