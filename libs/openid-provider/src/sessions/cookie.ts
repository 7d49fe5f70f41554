import type { IncomingMessage, ServerResponse } from 'node:http'

import { type SetCookie, stringifySetCookie } from 'cookie'

import { issuerPath } from '../issuer-path.ts'

/** A cookie but for its value: its name, where it goes, who may read it, and for how long. */
export type Cookie = Omit<SetCookie, 'value'>

/**
 * A cookie of an issuer's own: for its path, by https alone where the issuer has it, and then of a name that
 * the browser takes from nobody but this host; or, with a path, at least from nobody by plain http.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6265.html#section-8.6 RFC 6265 §8.6}
 * @see {@link https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-20#section-4.1.3 RFC 6265bis §4.1.3}
 */
export function issuerCookie(
  name: string,
  issuer: string,
): Required<Pick<Cookie, 'name' | 'secure' | 'path'>> {
  const secure = issuer.startsWith('https:')
  const path = issuerPath(issuer)
  // The stronger prefix demands the path of the whole host.
  const prefix = path === '' ? '__Host-' : '__Secure-'
  return { name: secure ? prefix + name : name, secure, path: path || '/' }
}

/**
 * The value of the one cookie of its name. Of several at least one is not ours, and nobody can tell which:
 * none of them counts.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6265.html#section-4.2.2 RFC 6265 §4.2.2}
 */
export function readCookie(
  { headers }: IncomingMessage,
  { name }: Pick<Cookie, 'name'>,
): string | undefined {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim())
  const [found, ...others] = pairs.filter((pair) => pair.startsWith(`${name}=`))
  return others.length === 0 ? found?.slice(name.length + 1) : undefined
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc6265.html#section-4.1 RFC 6265 §4.1} */
export function setCookie(res: ServerResponse, cookie: Cookie, value: string): void {
  res.appendHeader('Set-Cookie', stringifySetCookie({ ...cookie, value }))
}

/** Has the browser forget a cookie that was set as this one. */
export function clearCookie(res: ServerResponse, cookie: Cookie): void {
  setCookie(res, { ...cookie, expires: new Date(0) }, '')
}
