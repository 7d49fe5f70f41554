import type { ServerResponse } from 'node:http'

import type { Provider, ProviderHost } from './configuration.ts'
import type { HttpHandler } from './http-handler.ts'
import { requestOrigin } from './request-origin.ts'
import { sendServerError } from './send-server-error.ts'

/** What such an endpoint publishes; the same object as long as nothing has changed. */
export type DocumentEndpoint = (provider: Provider) => Promise<object>

/**
 * Turns a published JSON document into a handler of requests. It is serialised once and then sent from
 * memory, until the endpoint returns another object.
 *
 * @param maxAge seconds for which others may cache the document
 */
export function documentEndpoint(
  host: ProviderHost,
  endpoint: DocumentEndpoint,
  maxAge: number,
): HttpHandler {
  const serialised = new WeakMap<object, Buffer>()
  return async (req, res) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.writeHead(405, { Allow: 'GET, HEAD', 'Content-Length': 0 }).end()
      return
    }
    try {
      send(res, await endpoint(host.at(() => requestOrigin(req))))
    } catch (error) {
      sendServerError(res, error, host.logger)
    }
  }

  function send(res: ServerResponse, document: object): void {
    const body = serialised.get(document) ?? Buffer.from(JSON.stringify(document))
    serialised.set(document, body)
    res.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': body.length,
      'Cache-Control': `public, max-age=${maxAge}`,
      Vary: 'Origin',
    })
    res.end(body)
  }
}
