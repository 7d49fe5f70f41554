import type { RequestHandler } from 'express'

import { loopbackHosts } from './loopback-hosts.ts'

const loopbackAddresses = ['127.0.0.1', '::1', '::ffff:127.0.0.1']

/**
 * Refuses whoever is not on this machine, and pages of other sites: a name of theirs can lead to this
 * machine too, and then their scripts would read what is shown here.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110.html#section-7.2 RFC 9110 §7.2}
 */
export const requireLocal: RequestHandler = (req, res, next) => {
  const host = URL.parse(`http://${req.headers.host}`)?.hostname ?? ''
  const isLocal = loopbackAddresses.includes(req.socket.remoteAddress ?? '')
  if (isLocal && loopbackHosts.includes(host)) return next()
  res.status(403).json({ error: 'the inspector is for this machine alone' })
}

/** Refuses browsers, whose pages can post anywhere, to where only recorders have something to say. */
export const requireProgram: RequestHandler = (req, res, next) => {
  const { origin } = req.headers
  if (origin === undefined && req.headers['sec-fetch-site'] === undefined) return next()
  res.status(403).json({ error: 'this is for recorders' })
}

/**
 * Refuses requests that a page of another site makes of the browser.
 *
 * @see {@link https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header Fetch Metadata §2.4}
 */
export const requireOwnPage: RequestHandler = (req, res, next) => {
  if (req.headers['sec-fetch-site'] === 'same-origin') return next()
  res.status(403).json({ error: 'this is for the page of the inspector' })
}
