import type { ServerResponse } from 'node:http'

import { type SetCookie, stringifySetCookie } from 'cookie'

/** Where a cookie goes and who may read it; `maxAge` in seconds, by default it goes with the browser. */
export type CookieOptions = Omit<SetCookie, 'name' | 'value'>

/** @see {@link https://www.rfc-editor.org/rfc/rfc6265.html#section-4.1 RFC 6265 §4.1} */
export function setCookie(
  res: ServerResponse,
  name: string,
  value: string,
  options: CookieOptions,
): void {
  res.appendHeader('Set-Cookie', stringifySetCookie({ name, value, ...options }))
}

/** Has the browser forget a cookie that was set with the same options. */
export function clearCookie(res: ServerResponse, name: string, options: CookieOptions): void {
  setCookie(res, name, '', { ...options, expires: new Date(0) })
}
