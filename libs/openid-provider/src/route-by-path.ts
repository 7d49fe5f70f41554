import type { HttpHandler } from './http-handler.ts'

/**
 * Hands a request to the handler of its path, or on to `next`: one look-up, however many paths there
 * are. `/Connect/Token` is `/connect/token`, as in an Express app; `/connect/token/` is another path, which
 * it is not there.
 */
export function routeByPath(handlers: Readonly<Record<string, HttpHandler>>): HttpHandler {
  const byPath = new Map(Object.entries(handlers))
  return (req, res, next) => {
    const path = pathOf(req.url)
    const handler = byPath.get(path) ?? byPath.get(path.toLowerCase())
    if (handler === undefined) return next()
    // An Express app would wait for its failure, a server of node:http would end with it.
    return handler(req, res, next)?.catch(next)
  }
}

function pathOf(url = ''): string {
  // What a proxy is asked has the whole address in place of the path (RFC 9112 §3.2.2).
  const path = url.startsWith('/') ? url : (URL.parse(url)?.pathname ?? '')
  const query = path.indexOf('?')
  return query === -1 ? path : path.slice(0, query)
}
