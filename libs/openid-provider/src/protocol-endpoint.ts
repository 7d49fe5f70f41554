import { type FormParameters, OAuthError } from '@basics/protocol'
import type { Request, RequestHandler, Response } from 'express'

import type { Provider, ProviderHost } from './configuration.ts'
import { readFormBody } from './form-body.ts'
import { ProtocolResponse } from './protocol-response.ts'
import { requestOrigin } from './request-origin.ts'

/** What a back-channel endpoint is given: the form body's parameters, and two headers. */
export interface ProtocolRequest {
  readonly parameters: FormParameters
  readonly authorization: string | undefined
  readonly accept: string | undefined
  /** What the log line of this request will say; written on the way, never read. */
  readonly logLine: { client_id?: string; grant_type?: string; active?: boolean }
}

/** Answers with an object for 200 and JSON, or with a {@link ProtocolResponse} for anything else. */
export type ProtocolEndpoint = (request: ProtocolRequest, provider: Provider) => Promise<object>

/**
 * Turns an endpoint, which knows the protocol and not HTTP, into an Express handler. The only place
 * where a form body is read, caching is forbidden, an {@link OAuthError} becomes a response, and a
 * request is logged.
 *
 * @param name of the endpoint, for the log
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2 RFC 6749 §3.2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5 RFC 6749 §5}
 */
export function protocolEndpoint(
  name: string,
  host: ProviderHost,
  endpoint: ProtocolEndpoint,
): RequestHandler {
  return async (req, res) => {
    const started = performance.now()
    const provider = host.at(() => requestOrigin(req))
    const logLine: ProtocolRequest['logLine'] = {}
    const response = await answer(req, logLine, endpoint, provider)
    if (response instanceof OAuthError) tellRefusal(name, response, logLine, provider)
    send(res, response, provider.issuer)
    const duration = Math.round((performance.now() - started) * 10) / 10
    provider.logger.info({ endpoint: name, ...logLine, ...outcome(response), duration }, name)
  }
}

async function answer(
  req: Request,
  logLine: ProtocolRequest['logLine'],
  endpoint: ProtocolEndpoint,
  provider: Provider,
): Promise<object> {
  try {
    const parameters = await readFormBody(req)
    const { authorization, accept } = req.headers
    return await endpoint({ parameters, authorization, accept, logLine }, provider)
  } catch (error) {
    if (error instanceof OAuthError) return error
    provider.logger.error({ err: error }, 'a protocol request failed')
    return new OAuthError('server_error', 'the token service failed; its log says why')
  }
}

function tellRefusal(
  endpoint: string,
  { error, message }: OAuthError,
  logLine: ProtocolRequest['logLine'],
  { events }: Provider,
): void {
  events.raise('requestRefused', { endpoint, ...logLine, error, description: message })
}

/** Token responses, and refusals of them, MUST NOT be cached (RFC 6749 §5.1). */
function send(res: Response, response: object, issuer: string): void {
  res.setHeader('Cache-Control', 'no-store')
  res.setHeader('Pragma', 'no-cache')
  if (response instanceof OAuthError && response.challenge !== undefined)
    res.setHeader('WWW-Authenticate', `${response.challenge} realm="${issuer}"`)

  const { status, type, body } = render(response)
  if (type !== undefined) res.setHeader('Content-Type', type)
  res.writeHead(status, { 'Content-Length': Buffer.byteLength(body) }).end(body)
}

function render(response: object): ProtocolResponse {
  if (response instanceof ProtocolResponse) return response
  return ProtocolResponse.json(response instanceof OAuthError ? response.status : 200, response)
}

function outcome(response: object): object {
  if (!(response instanceof OAuthError)) return { outcome: 'ok' }
  return { outcome: response.error, description: response.message }
}
