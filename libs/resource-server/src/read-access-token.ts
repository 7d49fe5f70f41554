import type { IncomingMessage } from 'node:http'

import { BearerError, isRepeatedHeader, readBearerToken } from '@basics/protocol'

/**
 * Reads the access token that a request brings in its `Authorization` header.
 *
 * @returns undefined when it brings none.
 * @throws {BearerError} `invalid_request` when there are two such headers, `invalid_token` when the one is malformed.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1 RFC 6750 §3.1}
 */
export function readAccessToken(req: IncomingMessage): string | undefined {
  const { authorization } = req.headers
  if (authorization !== undefined && isRepeatedHeader('authorization', req.rawHeaders))
    throw new BearerError('invalid_request', 'there are two Authorization headers')
  return readBearerToken(authorization)
}
