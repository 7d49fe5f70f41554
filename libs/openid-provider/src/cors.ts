import cors from 'cors'

import type { Provider } from './configuration.ts'
import type { HttpHandler } from './http-handler.ts'
import { sendServerError } from './send-server-error.ts'

const preflightMaxAge = 600

/**
 * Lets scripts of the origins that any client registers call an endpoint. Without credentials: a
 * script brings its own, in the request. The endpoints say in every response that it depends on the
 * origin, or a cache would give one origin what was meant for another.
 *
 * @returns what wraps the handler of an endpoint
 * @see {@link https://fetch.spec.whatwg.org/#http-cors-protocol Fetch, CORS protocol}
 */
export function corsOfClients({
  clients,
  logger,
}: Provider): (endpoint: HttpHandler) => HttpHandler {
  const allow = cors({
    origin: (origin = '', answer) => {
      clients.isCorsOriginAllowed(origin).then(
        (isAllowed) => answer(null, isAllowed),
        (error) => answer(error),
      )
    },
    methods: ['GET', 'POST'],
    exposedHeaders: ['WWW-Authenticate'],
    maxAge: preflightMaxAge,
  })
  return (endpoint) => (req, res, next) => {
    const serve = () => endpoint(req, res, next)
    // No script of another origin has sent it, as none has sent most requests.
    if (req.headers.origin === undefined) return serve()
    return allow(req, res, (error: unknown) => {
      if (error == null) Promise.resolve(serve()).catch(next)
      else sendServerError(res, error, logger)
    })
  }
}
