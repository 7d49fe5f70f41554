import type { IncomingMessage } from 'node:http'

/** What Express knows of a request. */
interface Mounted {
  readonly protocol?: string
  readonly host?: string
  /** The path that the handler is mounted at. */
  readonly baseUrl?: string
}

/**
 * The issuer as a request implies it: scheme, host and the path the handler is mounted at. Behind a
 * proxy, Express's `trust proxy` decides whose word for scheme and host is taken; without Express, or
 * for a scheme that is none of HTTP's, it is that of the connection itself.
 */
export function requestOrigin(req: IncomingMessage & Mounted): string {
  const isEncrypted = 'encrypted' in req.socket && req.socket.encrypted === true
  const { protocol = '', host = req.headers.host, baseUrl = '' } = req
  const scheme = /^https?$/i.test(protocol) ? protocol : isEncrypted ? 'https' : 'http'
  // HTTP/1.0, and a Host header without a value, leave none.
  const url = URL.parse(`${scheme}://${host || 'localhost'}`)
  return `${url?.origin ?? 'http://localhost'}${baseUrl}`
}
