import { createServer } from 'node:net'

/**
 * A URL on this machine whose port is free. It is below the ports that systems give to outgoing connections: one
 * of those could be taken by a client of the very server that is being started again.
 */
export async function findFreeUrl(): Promise<string> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000)
    const server = createServer()
    const isFree = await new Promise((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (isFree) return `http://localhost:${port}`
  }
}
