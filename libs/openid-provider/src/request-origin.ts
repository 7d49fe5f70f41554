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
 * proxy, Express's `trust proxy` decides whose word for scheme and host is taken; without Express, it
 * is that of the connection itself.
 */
export function requestOrigin(req: IncomingMessage & Mounted): string {
  const isEncrypted = 'encrypted' in req.socket && req.socket.encrypted === true
  const { protocol = isEncrypted ? 'https' : 'http', host = req.headers.host, baseUrl = '' } = req
  // HTTP/1.0, and a Host header without a value, leave none.
  const url = URL.parse(`${protocol}://${host || 'localhost'}`)
  return `${url?.origin ?? 'http://localhost'}${baseUrl}`
}
