import { hash } from 'node:crypto'

import { BrowserResponse } from '../browser-response.ts'
import { escapeHtml } from '../escape-html.ts'
import { type ResponseTarget, responseOrigin } from './response-target.ts'

const script = 'document.forms[0].submit()'
const scriptHash = hash('sha256', script, 'base64')

/**
 * A page that posts the response to the client by itself, or by its button where scripts are off.
 *
 * @see {@link https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html#FormPostResponseMode Form Post Response Mode §2}
 */
export function formPostPage(target: ResponseTarget, parameters: URLSearchParams): BrowserResponse {
  const inputs = [...parameters].map(
    ([name, value]) =>
      `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  )
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Back to the application</title></head>
<body>
<form method="post" action="${escapeHtml(target.redirect_uri)}">
${inputs.join('\n')}
<noscript><p>One more step takes you back to the application.</p>
<button>Continue</button></noscript>
</form>
<script>${script}</script>
</body>
</html>
`
  return BrowserResponse.page(html, {
    'Content-Security-Policy': [
      "default-src 'none'",
      `script-src 'sha256-${scriptHash}'`,
      `form-action ${responseOrigin(target)}`,
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
    'Referrer-Policy': 'no-referrer',
  })
}
