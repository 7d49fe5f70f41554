import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

import { AuthorizationError, type FormParameters, OAuthError, readForm } from '@basics/protocol'

import { ExplainedError } from './authorization-request/explained-error.ts'
import { RefusedAtClient } from './authorization-request/refused-at-client.ts'
import { authorizationResponse } from './authorization-response/authorization-response.ts'
import { BrowserResponse } from './browser-response.ts'
import type { Provider, ProviderHost } from './configuration.ts'
import { readFormBody } from './form-body.ts'
import type { HttpHandler } from './http-handler.ts'
import { issuerPath } from './issuer-path.ts'
import { requestOrigin } from './request-origin.ts'
import { sendServerError } from './send-server-error.ts'
import type { ErrorContext } from './sessions/interaction.ts'
import type { LoginSession } from './sessions/login-session.ts'

/** What a front-channel endpoint is given: the parameters of query or form, and who is signed in. */
export interface BrowserRequest {
  readonly method: 'GET' | 'POST'
  readonly parameters: FormParameters
  readonly session: LoginSession | undefined
  /** What the browser's scripts know a session by, or that there is none; the browser gets it for sure. */
  readonly browserState: (session: LoginSession | undefined) => string
  /** What the log line of this request will say; decides nothing. */
  readonly logLine: { client_id?: string | undefined }
}

export type BrowserEndpoint = (
  request: BrowserRequest,
  provider: Provider,
) => Promise<BrowserResponse>

/**
 * Turns an endpoint, which knows the protocol and not HTTP, into a handler of requests. The only place
 * where an error becomes a response: to the client where that is proven to be possible, to the host's
 * error page otherwise.
 *
 * @param name of the endpoint, for the log
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1 RFC 6749 §3.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2.1 RFC 6749 §4.1.2.1}
 */
export function browserEndpoint(
  name: string,
  host: ProviderHost,
  endpoint: BrowserEndpoint,
): HttpHandler {
  return async (req, res) => {
    if (req.method !== 'GET' && req.method !== 'POST') {
      res.writeHead(405, { Allow: 'GET, POST', ...uncached, 'Content-Length': 0 }).end()
      return
    }
    const started = performance.now()
    const logLine: BrowserRequest['logLine'] = {}
    let outcome: object = { outcome: 'server_error' }
    try {
      const provider = host.at(() => requestOrigin(req))
      const answered = await answer(req, res, logLine, endpoint, provider)
      send(res, answered.response, provider.issuer)
      outcome = answered.outcome
    } catch (error) {
      // The store that an endpoint failed for keeps what the error page shows as well.
      sendServerError(res, error, host.logger)
    }
    const duration = Math.round((performance.now() - started) * 10) / 10
    host.logger.info({ endpoint: name, ...logLine, ...outcome, duration }, name)
  }
}

async function answer(
  req: IncomingMessage,
  res: ServerResponse,
  logLine: BrowserRequest['logLine'],
  endpoint: BrowserEndpoint,
  provider: Provider,
): Promise<{ response: BrowserResponse; outcome: object }> {
  try {
    const method = req.method === 'POST' ? 'POST' : 'GET'
    const parameters = method === 'POST' ? await readFormBody(req) : readForm(queryOf(req.url))
    const session = await provider.sessions.find(req)
    const browserState: BrowserRequest['browserState'] = (current) =>
      provider.sessions.browserState(req, res, current)
    const request = { method, parameters, session, browserState, logLine } as const
    const response = await endpoint(request, provider)
    return { response, outcome: { outcome: 'ok' } }
  } catch (error) {
    const { error: code, message } = describe(error, provider)
    const explained = error instanceof ExplainedError ? error : undefined
    const requestId = randomUUID()
    const outcome = {
      outcome: code,
      description: message,
      requestId,
      ...(explained && { explanation: explained.logged }),
    }
    if (error instanceof RefusedAtClient) {
      const parameters = { error: code, error_description: message, ...error.parameters }
      return { response: authorizationResponse(error.target, parameters, provider.issuer), outcome }
    }
    const shown = {
      error: code,
      errorDescription: message,
      requestId,
      clientId: logLine.client_id,
      ...(explained && { explanation: explained.explanation }),
    }
    return { response: await showError(shown, provider), outcome }
  }
}

/** What went wrong, in the protocol's words. */
function describe(error: unknown, { logger }: Provider): AuthorizationError {
  if (error instanceof RefusedAtClient) return error.error
  if (error instanceof AuthorizationError) return error
  if (error instanceof OAuthError) return new AuthorizationError('invalid_request', error.message)
  logger.error({ err: error }, 'a front-channel request failed')
  return new AuthorizationError('server_error', 'the token service failed; its log says why')
}

/** Codes are neither kept by caches nor passed on in `Referer` (RFC 9700 §4.2.4, §4.3.1). */
const uncached = { 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' }

/** Milliseconds. */
const errorTime = 10 * 60 * 1000

async function showError(
  shown: ErrorContext,
  { errors, pages, now }: Provider,
): Promise<BrowserResponse> {
  const errorId = await errors.issue(shown, { expires: now() + errorTime })
  return BrowserResponse.redirectHere(pages.error, { errorId })
}

function send(
  res: ServerResponse,
  { status, headers, body }: BrowserResponse,
  issuer: string,
): void {
  const { Location: location } = headers
  res.writeHead(status, {
    ...uncached,
    ...headers,
    ...(location?.startsWith('/') && { Location: issuerPath(issuer) + location }),
    'Content-Length': Buffer.byteLength(body),
  })
  res.end(body)
}

function queryOf(url = ''): string {
  const start = url.indexOf('?')
  return start === -1 ? '' : url.slice(start + 1)
}
