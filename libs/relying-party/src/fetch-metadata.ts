import type { Request } from 'express'

/** Where a browser shows what it gets. */
const pages = ['document', 'iframe', 'frame']

/**
 * Whether a browser opens a page with this request: a script's `fetch` cannot follow a sign-in, nor can a
 * form be sent again after one. Senders that do not say are taken for a browser of old. It is not
 * `Sec-Fetch-Mode` that decides, for Node's own `fetch` sends that one, and it is no browser.
 *
 * @see {@link https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header Fetch Metadata §2.1}
 */
export function isNavigation(req: Request): boolean {
  return req.method === 'GET' && pages.includes(req.get('Sec-Fetch-Dest') ?? 'document')
}

/**
 * Whether the user meant this request: it comes from a page of this app, or from the address bar, and is
 * not one that the browser makes in advance. Nor is it a HEAD, which asks what would come and must change
 * nothing; Express answers it from the route of the GET.
 *
 * @see {@link https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header Fetch Metadata §2.3}
 */
export function isDeliberate(req: Request): boolean {
  const site = req.get('Sec-Fetch-Site') ?? 'none'
  const isAhead = req.get('Sec-Purpose')?.startsWith('prefetch') ?? false
  return req.method !== 'HEAD' && ['same-origin', 'none'].includes(site) && !isAhead
}
