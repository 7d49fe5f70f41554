import type { RequestHandler } from 'express'

const directives = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
]

/**
 * What every page of a web client says to the browser: run nothing, load only what comes from here, tell no
 * other site where you come from, and show it in nobody's frame.
 *
 * @param url Where the app is reached: browsers are told to insist on https only when it is https.
 * @param allowed Directives of the policy for what an app needs beyond that, such as `script-src 'self'`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.16 RFC 9700 §4.16}
 */
export function securityHeaders(url: string, allowed: readonly string[] = []): RequestHandler {
  const headers = {
    'Content-Security-Policy': [...directives, ...allowed].join('; '),
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    ...(url.startsWith('https:') && { 'Strict-Transport-Security': 'max-age=31536000' }),
  }

  return (_req, res, next) => {
    res.set(headers)
    next()
  }
}
