import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

import { createHandle, handlesOf } from '../stores/handles.ts'
import type { Store } from '../stores/store.ts'
import { describeBrowser } from './browser-description.ts'
import {
  browserStateCookie,
  createBrowserState,
  isOfSession,
  readBrowserState,
} from './browser-state.ts'
import { type Cookie, clearCookie, issuerCookie, readCookie, setCookie } from './cookie.ts'
import type { Login } from './interaction.ts'
import { getLoginSessions, type LoginSession, loginSessionType } from './login-session.ts'
import { findReplaced, rememberReplaced } from './replaced-session.ts'

/** Milliseconds. */
const hour = 60 * 60 * 1000
const lifetime = 10 * hour
const rememberedLifetime = 30 * 24 * hour

const handlePattern = /^[\w-]{20,100}$/

/** What the sessions need of the provider. */
export interface LoginSessionsConfiguration {
  readonly store: Store
  readonly now: () => number
  /** The issuer that a request is for: its path and scheme become the cookies'. */
  readonly issuerAt: (req: IncomingMessage) => string
}

/** The users that are signed in here, one session a browser. */
export interface LoginSessions {
  find(req: IncomingMessage): Promise<LoginSession | undefined>
  /** Whoever signs in again stays in the session that clients know them by. */
  begin(req: IncomingMessage, res: ServerResponse, login: Login): Promise<LoginSession>
  /** Has the browser forget its session, which has ended. */
  forget(req: IncomingMessage, res: ServerResponse): void
  /** What the browser's scripts know it by; a browser that has lost it, or never had one, gets it. */
  browserState(req: IncomingMessage, res: ServerResponse, session: LoginSession | undefined): string
}

/** A session, and the handle for the browser's cookie. */
interface Begun {
  readonly session: LoginSession
  readonly handle: string
}

/**
 * Keeps login sessions in the store; the browser has a handle in a cookie, which is new after every
 * sign-in, so that a cookie planted before is worth nothing after.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#Authenticates OIDC Core §3.1.2.3}
 */
export function loginSessions({ store, now, issuerAt }: LoginSessionsConfiguration): LoginSessions {
  const handles = handlesOf<LoginSession>(store, loginSessionType, now)

  async function find(req: IncomingMessage): Promise<LoginSession | undefined> {
    const handle = readHandle(req)
    return handle === undefined ? undefined : handles.get(handle)
  }

  async function begin(
    req: IncomingMessage,
    res: ServerResponse,
    login: Login,
  ): Promise<LoginSession> {
    // Before anything is stored: it throws where a page is mounted where it cannot be told.
    const cookie = sessionCookie(issuerAt(req))
    const begun = (await goOn(req, login)) ?? (await issue(req, login, createSessionId()))
    const { session, handle } = begun
    const maxAge = rememberedLifetime / 1000
    setCookie(res, { ...cookie, ...(session.remember && { maxAge }) }, handle)
    giveState(req, res, createBrowserState(session), session)
    return session
  }

  /**
   * Goes on with the user's session under a new handle, unless it has just ended. The new one comes
   * first, so that of two sign-ins at once neither finds the session gone.
   */
  async function goOn(req: IncomingMessage, login: Login): Promise<Begun | undefined> {
    const replaced = readHandle(req)
    if (replaced === undefined) return undefined
    const previous = (await handles.get(replaced)) ?? (await findReplaced(replaced, { store, now }))
    if (previous?.sub !== login.sub) return undefined
    const begun = await issue(req, login, previous.sid)
    await rememberReplaced(replaced, previous, { store, now })
    if ((await handles.take(replaced)) !== undefined) return begun
    // It was taken by the other sign-in, which has left a handle of its own, or by a sign-out.
    if ((await getLoginSessions(previous.sid, store)).length > 1) return begun
    await handles.remove(begun.handle)
    return undefined
  }

  async function issue(req: IncomingMessage, login: Login, sid: string): Promise<Begun> {
    const { sub, amr = ['pwd'], idp = 'local', remember = false } = login
    const authTime = now()
    const expires = authTime + (remember ? rememberedLifetime : lifetime)
    const browser = describeBrowser(req.headers['user-agent'])
    const session: LoginSession = {
      ...{ sub, sid, authTime, amr, idp, remember, expires },
      ...(browser !== undefined && { browser }),
      browserState: createHandle(),
    }
    const handle = await handles.issue(session, { subject: sub, session_id: sid, expires })
    return { session, handle }
  }

  function forget(req: IncomingMessage, res: ServerResponse): void {
    clearCookie(res, sessionCookie(issuerAt(req)))
    clearCookie(res, browserStateCookie(issuerAt(req)))
  }

  function browserState(
    req: IncomingMessage,
    res: ServerResponse,
    session: LoginSession | undefined,
  ): string {
    const known = readBrowserState(req, issuerAt(req))
    const state = session === undefined ? withoutSession(req, known) : createBrowserState(session)
    if (state !== known) giveState(req, res, state, session)
    return state
  }

  /** Whatever the browser has will do, but for what it has of a session that has ended since. */
  function withoutSession(req: IncomingMessage, known: string | undefined): string {
    const isOutdated = known !== undefined && isOfSession(known) && readHandle(req) !== undefined
    return known === undefined || isOutdated ? createHandle() : known
  }

  function giveState(
    req: IncomingMessage,
    res: ServerResponse,
    state: string,
    session?: LoginSession,
  ): void {
    setCookie(
      res,
      {
        ...browserStateCookie(issuerAt(req)),
        ...(session?.remember && { maxAge: Math.floor((session.expires - now()) / 1000) }),
      },
      state,
    )
  }

  function readHandle(req: IncomingMessage): string | undefined {
    const handle = readCookie(req, sessionCookie(issuerAt(req)))
    return handle !== undefined && handlePattern.test(handle) ? handle : undefined
  }

  return { find, begin, forget, browserState }
}

/** Lax, so that the cookie comes along when an application sends the browser here. */
function sessionCookie(issuer: string): Cookie {
  return { ...issuerCookie('idsrv', issuer), httpOnly: true, sameSite: 'lax' }
}

/** Told to clients, so it is not what the cookie holds. */
function createSessionId(): string {
  return randomBytes(16).toString('base64url')
}
