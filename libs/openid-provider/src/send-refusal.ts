import type { ServerResponse } from 'node:http'

import type { OAuthError } from '@basics/protocol'

import { ProtocolResponse } from './protocol-response.ts'

/** Answers with a refusal where no endpoint is there to do it. */
export function sendRefusal(res: ServerResponse, refusal: OAuthError): void {
  const { status, headers, body } = ProtocolResponse.refusal(refusal, '')
  res.writeHead(status, {
    ...headers,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'Content-Length': Buffer.byteLength(body),
  })
  res.end(body)
}
