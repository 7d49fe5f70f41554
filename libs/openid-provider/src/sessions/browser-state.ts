import type { IncomingMessage } from 'node:http'

import { type Cookie, issuerCookie, readCookie } from './cookie.ts'
import type { LoginSession } from './login-session.ts'

const pattern = /^[\w-]{43}(?:\.\d+)?$/

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
export function readBrowserState(req: IncomingMessage, issuer: string): string | undefined {
  const state = readCookie(req, browserStateCookie(issuer))
  return state !== undefined && pattern.test(state) ? state : undefined
}

/**
 * For scripts, and in frames of other sites, which needs https. Over http only the same site's work.
 * The page that answers applications reads it: endpoints/check-session.browser.js.
 */
export function browserStateCookie(issuer: string): Cookie {
  const cookie = issuerCookie('idsrv.session', issuer)
  return { ...cookie, sameSite: cookie.secure ? 'none' : 'lax' }
}
