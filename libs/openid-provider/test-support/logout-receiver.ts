import { EventEmitter, once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

/** How a client answers a logout token. */
export type Answer = (res: ServerResponse) => void

export const accept: Answer = (res) => res.end()
export const answerWith =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (res) =>
    res.writeHead(status, headers).end()
/** Takes the request, and that is all. */
export const hang: Answer = () => {}

/** A client's back-channel logout endpoint on a port of its own, and what it was sent. */
export async function startLogoutReceiver(t: TestContext, firstAnswer: Answer = accept) {
  const requests: { headers: NodeJS.Dict<string | string[]>; body: string }[] = []
  const receiver = { answer: firstAnswer }
  const arrivals = new EventEmitter()
  const listener: RequestListener = async (req, res) => {
    let body = ''
    for await (const chunk of req) body += chunk
    requests.push({ headers: req.headers, body })
    arrivals.emit('arrival')
    receiver.answer(res)
  }
  let server = createServer(listener)

  async function listen(port: number): Promise<number> {
    server = createServer(listener)
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }

  async function stop(): Promise<void> {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }

  const port = await listen(0)
  t.after(stop)
  return {
    uri: `http://127.0.0.1:${port}/backchannel-logout`,
    requests,
    /** Resolves when that many requests have arrived since the start. */
    async received(count: number): Promise<void> {
      while (requests.length < count) await once(arrivals, 'arrival')
    },
    /** The tokens of the requests, in their order. */
    tokens: () => requests.map(({ body }) => new URLSearchParams(body).get('logout_token') ?? ''),
    answerBy(answer: Answer) {
      receiver.answer = answer
    },
    stop,
    startAgain: () => listen(port),
  }
}
