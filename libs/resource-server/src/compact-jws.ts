/**
 * Whether a token has the form of a signed JWT: three parts between two dots, the first of which decodes to
 * a JSON object. Other tokens may have dots too, but they mean nothing to anyone but the issuer.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7515.html#section-3.1 RFC 7515 §3.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7515.html#section-7.1 RFC 7515 §7.1}
 */
export function isCompactJws(token: string): boolean {
  const [header = '', ...others] = token.split('.')
  return others.length === 2 && isObject(Buffer.from(header, 'base64url').toString())
}

function isObject(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
