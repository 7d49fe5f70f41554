import cors from 'cors'
import type { RequestHandler } from 'express'

import type { Provider } from './configuration.ts'
import { sendServerError } from './send-server-error.ts'

const preflightMaxAge = 600

/**
 * Lets scripts of the origins that any client registers call an endpoint. Without credentials: a
 * script brings its own, in the request. Every response says that it depends on the origin, or a cache
 * would give one origin what was meant for another.
 *
 * @see {@link https://fetch.spec.whatwg.org/#http-cors-protocol Fetch, CORS protocol}
 */
export function corsOfClients({ clients, logger }: Provider): RequestHandler {
  const handle = cors({
    origin: (origin, callback) => {
      if (origin === undefined) return callback(null, false)
      clients.isCorsOriginAllowed(origin).then((allowed) => callback(null, allowed), callback)
    },
    methods: ['GET', 'POST'],
    exposedHeaders: ['WWW-Authenticate'],
    maxAge: preflightMaxAge,
  })
  return (req, res, next) => {
    res.vary('Origin')
    handle(req, res, (error?: unknown) => {
      if (error) sendServerError(res, error, logger)
      else next()
    })
  }
}
