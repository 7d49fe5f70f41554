/** A signed JWT, taken apart but not checked. */
export interface CompactJws {
  readonly header: Readonly<Record<string, unknown>>
  /** Decoded only when it is known who signed it. */
  readonly payload: string
  /** What the signature is of: header and payload as they came. */
  readonly signingInput: string
  readonly signature: Uint8Array<ArrayBuffer>
}

/** Three parts in base64url, of which an unsecured JWT leaves the last one empty. */
const threeParts = /^[\w-]+\.[\w-]+\.[\w-]*$/
const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Takes a token apart that has the form of a signed JWT: three parts between two dots, the first of which
 * decodes to a JSON object.
 *
 * @returns undefined for other tokens. They may have dots too, but mean nothing to anyone but the issuer.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7515.html#section-5.2 RFC 7515 §5.2}, steps 1 to 3 and 7
 * @see {@link https://www.rfc-editor.org/rfc/rfc7515.html#section-7.1 RFC 7515 §7.1}
 */
export function readCompactJws(token: string): CompactJws | undefined {
  if (!threeParts.test(token)) return undefined
  const parts = token.split('.')
  if (parts.some(isCutOff)) return undefined
  const [encodedHeader = '', payload = '', signature = ''] = parts
  const header = decodeObject(encodedHeader)
  if (header === undefined) return undefined
  return {
    header,
    payload,
    signingInput: `${encodedHeader}.${payload}`,
    signature: Buffer.from(signature, 'base64url'),
  }
}

/** A single character of base64url is less than a byte, and Node would leave it out. */
function isCutOff(part: string): boolean {
  return part.length % 4 === 1
}

/**
 * Decodes the JSON object in a part of a JWT.
 *
 * @returns undefined when there is something else in it.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7519.html#section-7.2 RFC 7519 §7.2}, step 10
 */
export function decodeObject(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(decoder.decode(Buffer.from(part, 'base64url')))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
