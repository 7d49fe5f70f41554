import type { Request } from 'express'

/**
 * The issuer as a request implies it: scheme, host and the path the router is mounted at. Behind a
 * proxy, Express's `trust proxy` decides whose word for scheme and host is taken.
 */
export function requestOrigin(req: Request): string {
  const url = URL.parse(`${req.protocol}://${req.host}`)
  return `${url?.origin ?? 'http://localhost'}${req.baseUrl}`
}
