import { OAuthError } from './oauth-error.ts'

/** Parameters of a request. Each was sent once and has a value; the object has no prototype. */
export type FormParameters = Readonly<Record<string, string | undefined>>

const maximumParameters = 100

/**
 * Parameters that a specification allows to be repeated. The values of a repeated one are joined with a
 * space, which none of them can contain.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8707.html#section-2 RFC 8707 §2}
 */
const repeatable = new Set(['resource'])

/**
 * Reads `application/x-www-form-urlencoded` text, a body or a query, strictly: parameters without a
 * value count as omitted, none may come twice.
 *
 * @throws {OAuthError} `invalid_request` for a repeated parameter, a broken percent-escape, escaped bytes
 *   that are not UTF-8, a NUL character, or more than 100 parameters.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1 RFC 6749 §3.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#appendix-B RFC 6749 appendix B}
 */
export function readForm(text: string): FormParameters {
  const parameters: Record<string, string> = Object.create(null)
  const pairs = text.split('&', maximumParameters + 1)
  if (pairs.length > maximumParameters)
    throw new OAuthError('invalid_request', `more than ${maximumParameters} parameters were sent`)
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    if (equals === -1) continue
    const name = decode(pair.slice(0, equals))
    const value = decode(pair.slice(equals + 1))
    if (value === '') continue
    const earlier = parameters[name]
    if (earlier !== undefined && !repeatable.has(name))
      throw new OAuthError('invalid_request', `${name} was sent twice`)
    parameters[name] = earlier === undefined ? value : `${earlier} ${value}`
  }
  return parameters
}

/**
 * Decodes one name or value of a form.
 *
 * @throws {OAuthError} `invalid_request` when it is not percent-encoded UTF-8, or holds a NUL character.
 */
export function decode(encoded: string): string {
  let decoded: string
  try {
    // Most need no decoding.
    decoded = /[%+]/.test(encoded) ? decodeURIComponent(encoded.replaceAll('+', ' ')) : encoded
  } catch {
    throw new OAuthError('invalid_request', 'a parameter is not percent-encoded UTF-8')
  }
  if (decoded.includes('\0')) throw new OAuthError('invalid_request', 'a parameter holds a NUL')
  return decoded
}

/** Encodes one name or value of a form, the counterpart of {@link decode}. */
export function encode(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}
