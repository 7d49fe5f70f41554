import { once } from 'node:events'
import { createServer } from 'node:http'

/** What a client answers to a path: a page, an empty one when nothing is said. */
export type Answers = Readonly<Record<string, () => string | Promise<string>>>

/** A client that the test plays itself, and the paths and queries that browsers asked it for. */
export interface ClientOfTest {
  readonly requests: readonly string[]
  stop(): Promise<void>
}

/**
 * Plays a registered client at its address, on which nothing else listens: it knows no protocol, and
 * shows what the token service does to it.
 */
export async function startClientOfTest(url: string, answers: Answers = {}): Promise<ClientOfTest> {
  const requests: string[] = []
  const server = createServer(async (req, res) => {
    const { pathname, search } = new URL(req.url ?? '/', url)
    requests.push(pathname + search)
    const page = (await answers[pathname]?.()) ?? ''
    res.writeHead(200, { 'Content-Type': 'text/html', 'Cache-Control': 'no-store' })
    res.end(`<!doctype html><html lang="en"><title>A client</title>${page}</html>`)
  })
  server.listen(Number(new URL(url).port), new URL(url).hostname)
  await once(server, 'listening')
  return {
    requests,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
