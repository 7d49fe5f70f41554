import { scenarios, servers } from '@basics/sample-kit'

import type { Recording } from '../recording.ts'
import { type Exchange, readHeader } from './exchange.ts'

const apps = [...servers, ...scenarios].flatMap(({ name, url }) =>
  url === undefined ? [] : [[new URL(url).host, name] as const],
)
const appsByHost = new Map(apps)

/** The app that is reached at a URL, or the URL's host when it is none of ours. */
export function appAt(url: string): string {
  const { host } = new URL(url)
  return appsByHost.get(host) ?? host
}

/**
 * An exchange from what is known of it: of its client, its server, or both. Where both saw the same, the
 * client's view counts, which is what came over the wire.
 */
export function createExchange(
  id: number,
  client: Recording | undefined,
  server: Recording | undefined,
): Exchange {
  const seen = client ?? server
  if (seen === undefined) throw new Error('an exchange has at least one side')
  const { method, url, startedAt, endedAt, request, response, error } = seen
  return {
    id,
    from: client?.app ?? readAsker(request),
    to: server?.app ?? appAt(url),
    channel: client === undefined && isNavigation(request) ? 'front' : 'back',
    method,
    url,
    startedAt,
    endedAt,
    request,
    ...(response && { response }),
    ...(error !== undefined && { error }),
  }
}

/** Whoever runs no recorder. Every browser calls itself Mozilla. */
function readAsker(request: Recording['request']): string {
  return readHeader(request, 'user-agent').startsWith('Mozilla/') ? 'browser' : 'another program'
}

/**
 * Whether the browser itself asks, by its address bar, a link or a form, and not a script in it.
 *
 * @see {@link https://www.w3.org/TR/fetch-metadata/#sec-fetch-mode-header Fetch Metadata §2.2}
 */
function isNavigation(request: Recording['request']): boolean {
  const mode = readHeader(request, 'sec-fetch-mode')
  return readAsker(request) === 'browser' && ['', 'navigate'].includes(mode)
}
