import type { IncomingMessage } from 'node:http'

import { isRepeatedHeader, OAuthError } from '@basics/protocol'

/** What Express knows of a request. */
interface Mounted {
  readonly protocol?: string
  readonly host?: string
  /** The path that the handler is mounted at. */
  readonly baseUrl?: string
}

/** The name or address of a host, and a port. `URL` would make a host of more than that. */
const hostPattern = /^(?<name>[\w-]+(?:\.[\w-]+)*\.?|\[[\da-f:.]+\])(?::\d*)?$/i

/**
 * The issuer as a request implies it: scheme, host and the path the handler is mounted at. Behind a
 * proxy, Express's `trust proxy` decides whose word for scheme and host is taken; without Express, or
 * for a scheme that is none of HTTP's, it is that of the connection itself.
 *
 * @throws {OAuthError} `invalid_request` when the host is none, or there are two.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9112.html#section-3.2 RFC 9112 §3.2}
 */
export function requestOrigin(req: IncomingMessage & Mounted): string {
  const isEncrypted = 'encrypted' in req.socket && req.socket.encrypted === true
  const { protocol = '', host = req.headers.host, baseUrl = '' } = req
  const scheme = /^https?$/i.test(protocol) ? protocol : isEncrypted ? 'https' : 'http'
  if (isRepeatedHeader('host', req.rawHeaders)) throw refused('there are two Host headers')
  // HTTP/1.0, and a Host header without a value, leave none.
  const sent = host || 'localhost'
  const url = readHost(sent, scheme)
  requireTargetAt(sent, req)
  return url.origin + baseUrl
}

/** `URL` takes `127.1` or `0x7f.1` for an address: a host that it reads as another than was sent is none. */
function readHost(host: string, scheme: string): URL {
  const name = hostPattern.exec(host)?.groups?.name?.toLowerCase()
  const url = name === undefined ? null : URL.parse(`${scheme}://${host}`)
  // An IPv6 address has many spellings, which all mean it.
  if (url === null || (url.hostname !== name && !url.hostname.startsWith('[')))
    throw refused('the host of the request is malformed')
  return url
}

/**
 * A whole address in place of the path counts more than Host (RFC 9112 §3.2.2). But a proxy that sets Host
 * may have passed on the address that a stranger made up, so neither counts unless they agree.
 */
function requireTargetAt(host: string, { url = '' }: IncomingMessage): void {
  if (url.startsWith('/') || url === '*') return
  const target = URL.parse(url)
  // By the target's scheme, which may not be ours behind a proxy: a port may be the default of one of them alone.
  if (target === null || URL.parse(`${target.protocol}//${host}`)?.host !== target.host)
    throw refused('the request line names another host')
}

function refused(problem: string): OAuthError {
  return new OAuthError('invalid_request', problem)
}
