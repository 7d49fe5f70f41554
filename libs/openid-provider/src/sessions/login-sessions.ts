import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

import type { CookieOptions, Request, Response } from 'express'

import { issuerPath } from '../issuer-path.ts'
import type { Handles } from '../stores/handles.ts'
import { describeBrowser } from './browser-description.ts'
import {
  browserStateCookie,
  browserStateOptions,
  createBrowserState,
  readBrowserState,
} from './browser-state.ts'
import type { Login } from './interaction.ts'
import type { LoginSession } from './login-session.ts'

/** Milliseconds. */
const hour = 60 * 60 * 1000
const lifetime = 10 * hour
const rememberedLifetime = 30 * 24 * hour

const cookieName = 'idsrv'
const cookiePattern = new RegExp(`(?:^|; *)${cookieName}=([A-Za-z0-9_-]{20,100})(?:;|$)`)

/** What the sessions need of the provider. */
export interface LoginSessionsConfiguration {
  readonly handles: Handles<LoginSession>
  readonly now: () => number
  /** The issuer that a request is for: its path and scheme become the cookie's. */
  readonly issuerAt: (req: Request) => string
}

/** The users that are signed in here, one session a browser. */
export interface LoginSessions {
  find(req: IncomingMessage): Promise<LoginSession | undefined>
  begin(req: Request, res: Response, login: Login): Promise<LoginSession>
  end(req: Request, res: Response): Promise<LoginSession | undefined>
  /** What the browser's scripts know it by; a browser that has lost it, or never had one, gets it. */
  browserState(req: Request, res: Response, session: LoginSession | undefined): string
}

/**
 * Keeps login sessions in the store; the browser has a handle in a cookie, which is new after every
 * sign-in, so that a cookie planted before is worth nothing after.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#Authenticates OIDC Core §3.1.2.3}
 */
export function loginSessions({
  handles,
  now,
  issuerAt,
}: LoginSessionsConfiguration): LoginSessions {
  async function find(req: IncomingMessage): Promise<LoginSession | undefined> {
    const handle = readCookie(req)
    return handle === undefined ? undefined : handles.get(handle)
  }

  async function end(req: Request, res: Response): Promise<LoginSession | undefined> {
    const handle = readCookie(req)
    res.clearCookie(cookieName, cookieOptions(issuerAt(req)))
    res.clearCookie(browserStateCookie, browserStateOptions(issuerAt(req)))
    return handle === undefined ? undefined : handles.take(handle)
  }

  async function begin(req: Request, res: Response, login: Login): Promise<LoginSession> {
    const { sub, amr = ['pwd'], idp = 'local', remember = false } = login
    const previous = await end(req, res)
    // Whoever signs in again stays in the session that clients know them by.
    const sid = previous?.sub === sub ? previous.sid : createSessionId()
    const authTime = now()
    const expires = authTime + (remember ? rememberedLifetime : lifetime)
    const browser = describeBrowser(req.headers['user-agent'])
    const session = {
      ...{ sub, sid, authTime, amr, idp, remember, expires },
      ...(browser !== undefined && { browser }),
    }
    const handle = await handles.issue(session, { subject: sub, session_id: sid, expires })
    res.cookie(cookieName, handle, {
      ...cookieOptions(issuerAt(req)),
      ...(remember && { maxAge: rememberedLifetime }),
    })
    giveState(req, res, createBrowserState(session), session)
    return session
  }

  function browserState(req: Request, res: Response, session: LoginSession | undefined): string {
    const known = readBrowserState(req)
    // Without a session whatever the browser has will do: it is not what any session is known by.
    const state = session === undefined && known !== undefined ? known : createBrowserState(session)
    if (state !== known) giveState(req, res, state, session)
    return state
  }

  function giveState(req: Request, res: Response, state: string, session?: LoginSession): void {
    res.cookie(browserStateCookie, state, {
      ...browserStateOptions(issuerAt(req)),
      ...(session?.remember && { maxAge: session.expires - now() }),
    })
  }

  return { find, begin, end, browserState }
}

/** Lax, so that the cookie comes along when an application sends the browser here. */
function cookieOptions(issuer: string): CookieOptions {
  const secure = issuer.startsWith('https:')
  return { httpOnly: true, sameSite: 'lax', secure, path: issuerPath(issuer) || '/' }
}

function readCookie(req: IncomingMessage): string | undefined {
  return cookiePattern.exec(req.headers.cookie ?? '')?.[1]
}

/** Told to clients, so it is not what the cookie holds. */
function createSessionId(): string {
  return randomBytes(16).toString('base64url')
}
