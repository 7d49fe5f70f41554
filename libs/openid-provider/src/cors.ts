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
  const allow = cors({
    origin: true,
    methods: ['GET', 'POST'],
    exposedHeaders: ['WWW-Authenticate'],
    maxAge: preflightMaxAge,
  })
  return async (req, res, next) => {
    res.vary('Origin')
    const { origin } = req.headers
    // No script of another origin has sent it, as none has sent most requests.
    if (origin === undefined) return next()
    try {
      const isAllowed = await clients.isCorsOriginAllowed(origin)
      return isAllowed ? allow(req, res, next) : next()
    } catch (error) {
      sendServerError(res, error, logger)
    }
  }
}
