import type { BrowserRequest } from '../browser-endpoint.ts'
import { BrowserResponse } from '../browser-response.ts'
import type { Provider } from '../configuration.ts'
import { escapeHtml } from '../escape-html.ts'
import { policySource } from '../policy-source.ts'
import {
  createFrontChannelLogoutUrl,
  takeFrontChannelLogout,
} from '../sessions/front-channel-logout.ts'
import { findClients } from '../sessions/session-clients.ts'

/**
 * The page behind the logged-out page: a frame for each client that is told by the browser that the
 * session has ended. Each `endSessionId` brings it once.
 *
 * @see {@link https://openid.net/specs/openid-connect-frontchannel-1_0.html#OPLogout Front-Channel Logout §3}
 */
export async function endSessionCallback(
  { parameters }: BrowserRequest,
  provider: Provider,
): Promise<BrowserResponse> {
  const { endSessionId = '' } = parameters
  const logout = await takeFrontChannelLogout(endSessionId, provider)
  if (logout === undefined)
    return createPage('<p>There is no application left to tell.</p>', [], 400)

  const clients = await findClients(logout.clientIds, provider)
  const urls = clients.flatMap(
    (client) => createFrontChannelLogoutUrl(client, logout.sid, provider.issuer) ?? [],
  )
  return createPage(urls.map(createFrame).join('\n'), urls, 200)
}

/** Nothing shows, so there is nothing to press; a client's page can end its session, and lead nowhere. */
function createFrame(url: string): string {
  const sandbox = 'allow-forms allow-same-origin allow-scripts'
  return `<iframe src="${escapeHtml(url)}" title="Signs out" sandbox="${sandbox}" hidden></iframe>`
}

function createPage(body: string, framed: readonly string[], status: number): BrowserResponse {
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Signing out of applications</title></head>
<body>
${body}
</body>
</html>
`
  const sources = [...new Set(framed.map(policySource))]
  const policy = [
    "default-src 'none'",
    `frame-src ${sources.join(' ') || "'none'"}`,
    "frame-ancestors 'self'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ')
  const headers = { 'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff' }
  return BrowserResponse.page(html, headers, status)
}
