import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import type { BrowserRequest } from '../browser-endpoint.ts'
import { BrowserResponse } from '../browser-response.ts'
import type { Provider } from '../configuration.ts'
import { browserStateCookie } from '../sessions/browser-state.ts'

const script = readFileSync(new URL('./check-session.browser.js', import.meta.url), 'utf8')

const createPage = (cookieName: string) => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Is the user still signed in?</title></head>
<body><script data-cookie="${cookieName}">${script}</script></body>
</html>
`

/** Any site may frame the page, which is what it is for. There is nothing to see, and nothing to press. */
const policy = [
  "default-src 'none'",
  `script-src 'sha256-${hash('sha256', script, 'base64')}'`,
  "form-action 'none'",
  "base-uri 'none'",
].join('; ')

/** Seconds. The page of an issuer is the same for everyone; what it tells each browser is in the browser. */
const maxAge = 300

/**
 * The page that applications load into a hidden frame, and ask whether the user is still signed in:
 * check-session.browser.js. No request is made for an answer.
 *
 * @see {@link https://openid.net/specs/openid-connect-session-1_0.html#OPiframe Session Management §3.2}
 */
export async function checkSessionEndpoint(
  _request: BrowserRequest,
  { issuer }: Provider,
): Promise<BrowserResponse> {
  return BrowserResponse.page(createPage(browserStateCookie(issuer).name), {
    'Cache-Control': `public, max-age=${maxAge}`,
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
  })
}
