import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * What a server answers on `GET /health`: 200 `{"status":"ok"}` when it can serve, else 503 with
 * `starting` or `stopping`. It stands before the app, so that no middleware delays or logs it.
 *
 * @param ready Throws or rejects while the server cannot serve yet.
 */
export function createHealth(ready: () => Promise<void> | void = () => {}) {
  let isStopping = false

  return {
    isAsked({ method, url = '' }: IncomingMessage): boolean {
      return (method === 'GET' || method === 'HEAD') && /^\/health(\?|$)/.test(url)
    },

    async answer(response: ServerResponse): Promise<void> {
      const status = isStopping ? 'stopping' : await readyStatus(ready)
      response.statusCode = status === 'ok' ? 200 : 503
      response.setHeader('Content-Type', 'application/json')
      response.setHeader('Cache-Control', 'no-store')
      response.end(JSON.stringify({ status }))
    },

    stopping(): void {
      isStopping = true
    },
  }
}

async function readyStatus(ready: () => Promise<void> | void): Promise<'ok' | 'starting'> {
  try {
    await ready()
    return 'ok'
  } catch {
    return 'starting'
  }
}
