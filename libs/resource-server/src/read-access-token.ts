import type { IncomingMessage } from 'node:http'

import { BearerError, readBearerToken } from '@basics/protocol'

/**
 * Reads the access token that a request brings in its `Authorization` header.
 *
 * @returns undefined when it brings none.
 * @throws {BearerError} `invalid_request` when there are two such headers, `invalid_token` when the one is malformed.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1 RFC 6750 §3.1}
 */
export function readAccessToken(req: IncomingMessage): string | undefined {
  const { authorization } = req.headers
  // A proxy in front may have looked at the other one.
  if (authorization !== undefined && hasTwoAuthorizations(req))
    throw new BearerError('invalid_request', 'there are two Authorization headers')
  return readBearerToken(authorization)
}

/** By the raw headers, in which names and values take turns: `headersDistinct` would copy them all. */
function hasTwoAuthorizations({ rawHeaders }: IncomingMessage): boolean {
  const name = 'authorization'
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.length === name.length && rawHeaders[index]?.toLowerCase() === name)
      count++
  return count > 1
}
