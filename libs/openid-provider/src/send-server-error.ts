import type { ServerResponse } from 'node:http'

import { OAuthError } from '@basics/protocol'

import type { Logger } from './logger.ts'
import { ProtocolResponse } from './protocol-response.ts'

/**
 * Answers that the token service failed where no endpoint is there to say so. What failed is for the
 * log: a web framework might show it to whoever asked.
 */
export function sendServerError(res: ServerResponse, error: unknown, logger: Logger): void {
  logger.error({ err: error }, 'a request failed')
  const failure = new OAuthError('server_error', 'the token service failed; its log says why')
  const { status, headers, body } = ProtocolResponse.refusal(failure, '')
  res.writeHead(status, {
    ...headers,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'Content-Length': Buffer.byteLength(body),
  })
  res.end(body)
}
