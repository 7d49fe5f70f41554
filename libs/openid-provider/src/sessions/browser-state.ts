import { hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

import type { CookieOptions } from 'express'

import { issuerPath } from '../issuer-path.ts'
import { createHandle } from '../stores/handles.ts'
import type { LoginSession } from './login-session.ts'

/** The page that answers applications reads it: endpoints/check-session.browser.js. */
export const browserStateCookie = 'idsrv.session'

const cookiePattern = /(?:^|; *)idsrv\.session=([\w-]{43})(?:;|$)/

/**
 * What scripts of this service may know of who is signed in: a text that is another one after each
 * login and logout, and the same for someone who signs in again. It opens nothing and names nobody. A
 * browser where nobody is signed in has one too: if it had none, any site that guesses so could tell.
 *
 * @see {@link https://openid.net/specs/openid-connect-session-1_0.html#OPiframe Session Management §3.2}
 */
export function createBrowserState(session: LoginSession | undefined): string {
  // Neither the session's handle nor the id that clients know can be had from it.
  return session === undefined
    ? createHandle()
    : hash('sha256', `browser state of ${session.sid}`, 'base64url')
}

/** As the browser that sent the request has it. */
export function readBrowserState(req: IncomingMessage): string | undefined {
  return cookiePattern.exec(req.headers.cookie ?? '')?.[1]
}

/** For scripts, and in frames of other sites, which needs https. Over http only the same site's work. */
export function browserStateOptions(issuer: string): CookieOptions {
  const secure = issuer.startsWith('https:')
  return { sameSite: secure ? 'none' : 'lax', secure, path: issuerPath(issuer) || '/' }
}
