import type { IncomingMessage } from 'node:http'

import { issuerPath } from '../issuer-path.ts'
import type { LoginSession } from './login-session.ts'
import type { CookieOptions } from './set-cookie.ts'

/** The page that answers applications reads it: endpoints/check-session.browser.js. */
export const browserStateCookie = 'idsrv.session'

const cookiePattern = /(?:^|; *)idsrv\.session=([\w-]{43}(?:\.\d+)?)(?:;|$)/

/**
 * What scripts of this service may know of a session: a random text, another one after each sign-in,
 * and, since the page reads it without asking here, the second in which it is over. It opens nothing
 * and names nobody. A browser where nobody is signed in has a random text too: if it had none, any
 * site that guesses so could tell.
 *
 * @see {@link https://openid.net/specs/openid-connect-session-1_0.html#OPiframe Session Management §3.2}
 */
export function createBrowserState({ browserState, expires }: LoginSession): string {
  return `${browserState}.${Math.ceil(expires / 1000)}`
}

/** Whether it is a session's, and not that of a browser where nobody is signed in. */
export function isOfSession(state: string): boolean {
  return state.includes('.')
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
