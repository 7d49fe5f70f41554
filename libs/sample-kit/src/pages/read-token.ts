import { decodeJwt, decodeProtectedHeader } from 'jose'

/**
 * The header and payload of a signed JWT as JSON, unverified: to look at, not to believe. Undefined for a
 * token that is none, such as a reference token.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7519.html#section-3 RFC 7519 §3}
 */
export function readToken(token: string): string | undefined {
  try {
    const parts = [decodeProtectedHeader(token), decodeJwt(token)]
    return parts.map((part) => JSON.stringify(part, null, 2)).join('\n')
  } catch {
    return undefined
  }
}
