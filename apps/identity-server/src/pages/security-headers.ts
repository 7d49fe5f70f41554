import type { RequestHandler, Response } from 'express'
import helmet from 'helmet'

/**
 * What every page of the token service says to the browser: keep no copy, tell no other site where you
 * come from, run nothing, and show it in nobody's frame.
 *
 * @param isHttps Whether users reach the pages over https: only then may they be told to insist on it.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.16 RFC 9700 §4.16}
 */
export function securityHeaders(isHttps: boolean): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: false,
      strictTransportSecurity: isHttps,
      xFrameOptions: { action: 'deny' },
      // Clients may open the sign-in page in a pop-up, and wait for it to come back to them.
      crossOriginOpenerPolicy: false,
      // No page shares document.domain. Asked for, each port of localhost gets a process of its own, and tools
      // that drive a browser lose the page that comes after the frames of a logout.
      originAgentCluster: false,
    }),
    (_req, res, next) => {
      res.set('Cache-Control', 'no-store')
      res.set('Content-Security-Policy', createPolicy())
      next()
    },
  ]
}

/**
 * Lets a form of this page lead to one more origin. Browsers hold `form-action` against the redirects
 * that follow a form, too, and the last one leaves for the client.
 *
 * @param origin `https://client.example`, or `com.example.app:` for an app with a scheme of its own.
 *   Anything else is left out.
 * @see {@link https://www.w3.org/TR/CSP3/#directive-form-action CSP3 §6.4.1}
 */
export function admitFormRedirect(res: Response, origin: string): void {
  const source = readSource(origin)
  if (source === undefined) return
  res.set('Content-Security-Policy', createPolicy({ formAction: `'self' ${source}` }))
}

/** Lets this page frame one of this server, and none of another. */
export function admitFrame(res: Response): void {
  res.set('Content-Security-Policy', createPolicy({ frames: "'self'" }))
}

function createPolicy({ formAction = "'self'", frames = "'none'" } = {}): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    // Clients' logos are wherever their registrations say.
    "img-src 'self' data: https:",
    `frame-src ${frames}`,
    `form-action ${formAction}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')
}

/** What else could stand here would change the policy. */
function readSource(origin: string): string | undefined {
  const isScheme = /^[a-z][a-z\d+.-]*:$/.test(origin)
  const isHost = /^https?:\/\/[\w.-]+(:\d+)?$/.test(origin)
  return isScheme || isHost ? origin : undefined
}
