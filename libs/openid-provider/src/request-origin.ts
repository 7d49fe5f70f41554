import type { Request } from 'express'

/**
 * The issuer as a request implies it: scheme, host and the path the router is mounted at. Behind a
 * proxy, Express's `trust proxy` decides whose word for scheme and host is taken.
 */
export function requestOrigin(req: Request): string {
  // HTTP/1.0, and a Host header without a value, leave none.
  const url = URL.parse(`${req.protocol}://${req.host || 'localhost'}`)
  return `${url?.origin ?? 'http://localhost'}${req.baseUrl}`
}
