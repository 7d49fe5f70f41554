import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Express } from 'express'

import { readWholeNumber } from './environment.ts'
import { createHealth } from './health.ts'
import { pipeliningLimit } from './pipelining-limit.ts'
import { refuseToStart } from './refuse-to-start.ts'
import { stopOnSignal } from './stop-on-signal.ts'
import { unexpectedError } from './unexpected-error.ts'
import { serverAt } from './urls.ts'

export interface ListenOptions {
  /** Asked on every `GET /health`: throws or rejects while the server cannot serve yet. */
  readonly ready?: () => Promise<void> | void
  /** Called once the last request is answered, to close what the server holds open. */
  readonly stop?: () => Promise<void> | void
}

/** Milliseconds, bytes. */
const limits = {
  // An authorization request with a signed request object travels in the URL, and an over-long
  // Authorization header has to reach the protocol code to be answered with the protocol's error.
  maxHeaderSize: 96 * 1024,
  // A client that sends its request by the byte must not hold a connection for ever.
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  // Longer than a proxy's usual minute: whoever closes first must not be the one being written to.
  keepAliveTimeout: 65_000,
}

/**
 * Milliseconds from one look at an answer under way to the next, with which its connection is closed if no byte went
 * either way since: a client that does not read it must not have it kept for ever. That is once to twice as long after
 * the last byte, and twice for a client that reads nothing, since the system has taken the first bytes for it.
 */
const silenceTimeout = 60_000

/**
 * Serves an Express app: the last line of a server's `main.ts`, after its routes. Answers
 * `GET /health` by itself, and turns an unexpected error into a 500 without a stack.
 *
 * From the environment: `PORT` (default: the port of `url`; needed when `url` is https, since a proxy
 * then holds the certificate), `HOST` (the address to bind; default: loopback when `url` is on
 * localhost, else every address), `TRUST_PROXY` (the number of proxies in front).
 * A port that cannot be had ends the process with a sentence. The first SIGINT or SIGTERM lets
 * requests under way finish and exits with 0 within 5 s; the second exits at once.
 *
 * @param url Where the app is reached: one of `urls`.
 */
export function listen(app: Express, url: string, options: ListenOptions = {}): Server {
  const port = readPort(url)
  app.disable('x-powered-by')
  app.set('trust proxy', readWholeNumber('TRUST_PROXY', false, { min: 0, max: 10 }))
  app.use(unexpectedError)

  const health = createHealth(options.ready)
  const isAdmitted = pipeliningLimit()
  const server = createServer(limits, (request: IncomingMessage, response: ServerResponse) => {
    if (!isAdmitted(request, response)) return
    if (health.isAsked(request)) void health.answer(response)
    else app(request, response)
  })
  server.timeout = silenceTimeout
  server.on('error', (error) => refuseToStart(describeListenError(error, url, port)))
  server.listen({ port, host: readHost(url) }, () => console.log(describeAddress(server, url)))
  stopOnSignal(server, { begin: health.stopping, end: options.stop })
  return server
}

function readPort(url: string): number {
  const { protocol, port } = new URL(url)
  const chosen = readWholeNumber('PORT', undefined, { min: 0, max: 65_535 })
  if (chosen !== undefined) return chosen
  if (protocol === 'https:') {
    refuseToStart(`${url} is https: set PORT to the port that the TLS proxy in front forwards to`)
  }
  return Number(port || 80)
}

/** undefined binds every address: a URL with a real host name is meant to be reached from outside. */
function readHost(url: string): string | undefined {
  if (process.env.HOST) return process.env.HOST
  const { hostname } = new URL(url)
  if (hostname === '[::1]') return '::1'
  return ['localhost', '127.0.0.1'].includes(hostname) ? '127.0.0.1' : undefined
}

function describeAddress(server: Server, url: string): string {
  const { port } = server.address() as AddressInfo
  const name = serverAt(url)?.app ?? 'server'
  return String(port) === new URL(url).port
    ? `${name} listens on ${url}`
    : `${name} listens on port ${port} and is reached at ${url}`
}

function describeListenError(error: NodeJS.ErrnoException, url: string, port: number): string {
  const { app, variable } = serverAt(url) ?? { app: 'the server', variable: 'PORT' }
  const isByPort = Boolean(process.env.PORT) || variable === 'PORT'
  const elsewhere = isByPort ? 'PORT' : variable
  const { protocol, hostname } = new URL(url)
  const setting = isByPort ? 'PORT=<port>' : `${variable}=${protocol}//${hostname}:<port>`
  if (error.code === 'EADDRINUSE')
    return `${app} cannot listen on port ${port}: another process does. Stop that process, or have another port with ${setting}`
  if (error.code === 'EACCES')
    return `${app} may not listen on port ${port}: the system keeps it for privileged users. Have one above 1023 with ${setting}`
  return `${app} cannot listen on port ${port}: ${error.message}. Check HOST and ${elsewhere}`
}
