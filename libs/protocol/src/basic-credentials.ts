import { isUtf8 } from 'node:buffer'

import { decode, encode } from './form.ts'
import { OAuthError } from './oauth-error.ts'

export interface ClientCredentials {
  readonly client_id: string
  readonly client_secret: string
}

const maximumHeader = 4096

/**
 * Reads a client's id and secret from an `Authorization` header. Both halves are form-encoded before
 * they are joined and base64-encoded, so each may hold a colon.
 *
 * @returns undefined when there is no header, or it is of another scheme.
 * @throws {OAuthError} `invalid_client` when it says `Basic` and is malformed or longer than 4 KiB.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1 RFC 6749 §2.3.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7617.html#section-2 RFC 7617 §2}
 */
export function readBasicCredentials(
  authorization: string | undefined,
): ClientCredentials | undefined {
  if (authorization === undefined || !/^basic(?: |$)/i.test(authorization)) return undefined
  if (authorization.length > maximumHeader) throw malformed('is longer than 4096 characters')

  const encoded = authorization.slice('basic'.length).trim()
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) throw malformed('is not base64')
  const [id, secret] = split(readUtf8(Buffer.from(encoded, 'base64')))
  return { client_id: readHalf(id), client_secret: readHalf(secret) }
}

/**
 * Writes the `Authorization` header that {@link readBasicCredentials} reads.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1 RFC 6749 §2.3.1}
 */
export function createBasicCredentials({ client_id, client_secret }: ClientCredentials): string {
  const pair = `${encode(client_id)}:${encode(client_secret)}`
  return `Basic ${Buffer.from(pair).toString('base64')}`
}

function readUtf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw malformed('is not UTF-8')
  return bytes.toString()
}

function split(pair: string): [string, string] {
  const colon = pair.indexOf(':')
  if (colon === -1) throw malformed('has no colon between client id and secret')
  return [pair.slice(0, colon), pair.slice(colon + 1)]
}

function readHalf(half: string): string {
  try {
    return decode(half)
  } catch {
    throw malformed('has a client id or secret that is not form-encoded')
  }
}

function malformed(problem: string): OAuthError {
  return new OAuthError('invalid_client', `the Basic header ${problem}`)
}
