import type { IncomingMessage, ServerResponse } from 'node:http'

import { BearerError, type FormParameters, isRepeatedHeader, OAuthError } from '@basics/protocol'

import type { Provider, ProviderHost } from './configuration.ts'
import { readFormBody } from './form-body.ts'
import type { HttpHandler } from './http-handler.ts'
import { ProtocolResponse } from './protocol-response.ts'
import { requestOrigin } from './request-origin.ts'

/** What a back-channel endpoint is given: the form body's parameters, and two headers. */
export interface ProtocolRequest {
  readonly parameters: FormParameters
  readonly authorization: string | undefined
  readonly accept: string | undefined
  /** What the log line of this request, and events about it, will say; decides nothing. */
  readonly logLine: { client_id?: string; grant_type?: string; active?: boolean }
}

/** Answers with an object for 200 and JSON, or with a {@link ProtocolResponse} for anything else. */
export type ProtocolEndpoint = (request: ProtocolRequest, provider: Provider) => Promise<object>

/** How the parameters are read: every endpoint takes a form, and userinfo takes nothing as well. */
export type ReadParameters = (req: IncomingMessage) => Promise<FormParameters>

/**
 * Turns an endpoint, which knows the protocol and not HTTP, into a handler of requests. The only place
 * where a form body is read, caching is forbidden, a refusal becomes a response, and a request is
 * logged.
 *
 * @param name of the endpoint, for the log
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2 RFC 6749 §3.2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5 RFC 6749 §5}
 */
export function protocolEndpoint(
  name: string,
  host: ProviderHost,
  endpoint: ProtocolEndpoint,
  readParameters: ReadParameters = readFormBody,
): HttpHandler {
  return async (req, res) => {
    const started = performance.now()
    const provider = host.at(() => requestOrigin(req))
    const { logger, events, issuer } = provider
    const logLine: ProtocolRequest['logLine'] = {}
    const answer = await answerTo(req, logLine, endpoint, readParameters, provider)
    send(res, render(answer, issuer))

    if (isRefusal(answer))
      events.raise('requestRefused', {
        endpoint: name,
        ...logLine,
        error: answer.error,
        description: answer.message,
      })
    const outcome = isRefusal(answer)
      ? { outcome: answer.error, description: answer.message }
      : { outcome: 'ok' }
    const duration = Math.round((performance.now() - started) * 10) / 10
    logger.info({ endpoint: name, ...logLine, ...outcome, duration }, name)
  }
}

async function answerTo(
  req: IncomingMessage,
  logLine: ProtocolRequest['logLine'],
  endpoint: ProtocolEndpoint,
  readParameters: ReadParameters,
  provider: Provider,
): Promise<object> {
  try {
    const parameters = await readParameters(req)
    const { authorization, accept } = req.headers
    if (authorization !== undefined && isRepeatedHeader('authorization', req.rawHeaders))
      throw new OAuthError('invalid_request', 'there are two Authorization headers')
    return await endpoint({ parameters, authorization, accept, logLine }, provider)
  } catch (error) {
    if (isRefusal(error)) return error
    provider.logger.error({ err: error }, 'a protocol request failed')
    return new OAuthError('server_error', 'the token service failed; its log says why')
  }
}

function isRefusal(value: unknown): value is OAuthError | BearerError {
  return value instanceof OAuthError || value instanceof BearerError
}

function render(answer: object, issuer: string): ProtocolResponse {
  if (isRefusal(answer)) return ProtocolResponse.refusal(answer, issuer)
  return answer instanceof ProtocolResponse ? answer : ProtocolResponse.json(200, answer)
}

/** Token responses, and refusals of them, MUST NOT be cached (RFC 6749 §5.1). */
function send(res: ServerResponse, { status, headers, body }: ProtocolResponse): void {
  res.writeHead(status, {
    ...headers,
    'Cache-Control': 'no-store',
    Pragma: 'no-cache',
    Vary: 'Origin',
    'Content-Length': Buffer.byteLength(body),
  })
  res.end(body)
}
