import type { Request } from 'express'

/**
 * The cookies of a request, as they were sent. A browser may send several of a name.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6265.html#section-4.2.1 RFC 6265 §4.2.1}
 */
export function readCookies(req: Request): { readonly name: string; readonly value: string }[] {
  return (req.headers.cookie ?? '').split('; ').map((pair) => {
    const equals = pair.indexOf('=')
    return { name: pair.slice(0, Math.max(equals, 0)), value: pair.slice(equals + 1) }
  })
}
