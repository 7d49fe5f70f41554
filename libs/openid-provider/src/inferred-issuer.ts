import type { IncomingMessage } from 'node:http'

import type { HttpHandler } from './http-handler.ts'
import { requestOrigin } from './request-origin.ts'

/** An issuer that nobody configured: each request tells it, by where it was sent and where the routes are. */
export interface InferredIssuer {
  /** The routes, which from then on leave in each request a note of where they are mounted. */
  notedBy(routes: HttpHandler): HttpHandler
  /** @throws {Error} when the request has come to a page of the host without passing the routes. */
  at(req: IncomingMessage): string
}

/**
 * What the routes see is what counts, also for a page of the host: in a router of its own it is mounted
 * elsewhere, and a cookie for that path would never be sent to the routes.
 */
export function inferredIssuer(): InferredIssuer {
  const noted = new WeakMap<IncomingMessage, string>()
  return {
    notedBy: (routes) => (req, res, next) => {
      noted.set(req, requestOrigin(req))
      return routes(req, res, next)
    },
    at(req) {
      // Without Express everything is mounted at the root.
      const issuer = noted.get(req) ?? ('baseUrl' in req ? undefined : requestOrigin(req))
      if (issuer !== undefined) return issuer
      throw new Error(
        'the issuer cannot be told from a request that has not passed provider.routes: ' +
          'mount the pages after them and below the same path, or configure the issuer',
      )
    },
  }
}
