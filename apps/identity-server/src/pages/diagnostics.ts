import type { RequestHandler } from 'express'

import { isLocal } from './is-local.ts'
import type { PageContext } from './page-context.ts'
import { paths, signInPath } from './paths.ts'
import { sendPage } from './send-page.ts'
import type { Viewer } from './viewer.ts'

/**
 * Shows what the token service knows of the session, to whoever sits at the machine it runs on. To
 * everyone else there is no such page.
 */
export function diagnosticsPage({ findViewer }: PageContext): RequestHandler {
  return async (req, res, next) => {
    if (!isLocal(req)) return next()
    const viewer = await findViewer(req)
    if (viewer === undefined) return res.redirect(303, signInPath(paths.diagnostics))
    sendPage(req, res, {
      title: 'Diagnostics',
      template: new URL('./diagnostics.eta', import.meta.url),
      viewer,
      model: { claims: readClaims(viewer), properties: readProperties(viewer) },
    })
  }
}

/** As an ID Token would have them, times in seconds. */
function readClaims({ session, user }: Viewer): [string, string][] {
  const { sub, sid, amr, idp, authTime } = session
  const auth_time = Math.floor(authTime / 1000)
  return Object.entries({ sub, ...user.claims, auth_time, idp, amr, sid }).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
}

function readProperties({ session }: Viewer): [string, string][] {
  return [
    ['signed in', new Date(session.authTime).toISOString()],
    ['expires', new Date(session.expires).toISOString()],
    ['outlives the browser', session.remember ? 'yes' : 'no'],
  ]
}
