import { join } from 'node:path'

import type { CookieOptions } from 'express'
import type { ClientAuth } from 'openid-client'

import type { AuthorizationRequest } from './authorization-request/authorization-request.ts'
import { queryParameters } from './authorization-request/query-parameters.ts'
import type { AuthorizationResponse } from './authorization-response/authorization-response.ts'
import { codeByQuery } from './authorization-response/code-by-query.ts'
import type { BackChannelLogout } from './back-channel-logout/back-channel-logout.ts'
import { renderPlainPage } from './problems/plain-page.ts'
import type { Problem, Visitor } from './problems/problem.ts'
import { readSessionSecret } from './sessions/session-secret.ts'
import { type SessionStorage, sqliteSessions } from './sessions/sqlite-sessions.ts'

export interface RelyingPartyOptions {
  /** The issuer of the provider. Its discovery document is all that is asked of it in advance. */
  readonly issuer: string
  /** The origin at which browsers reach this app. No request's `Host` is ever believed. */
  readonly baseUrl: string
  readonly clientId: string
  /** A value of openid-client: `ClientSecretBasic('secret')`, `PrivateKeyJwt(key)`, … */
  readonly clientAuthentication: ClientAuth
  /** Space-separated, with `openid` among them. */
  readonly scope: string
  /**
   * How authorization requests travel: {@link queryParameters}, which is the default, `signedRequestObject`
   * or `pushedAuthorizationRequest`.
   */
  readonly authorizationRequest?: AuthorizationRequest
  /**
   * What comes back, and how: {@link codeByQuery}, which is the default, or for the hybrid flow
   * `codeIdTokenByFormPost`.
   */
  readonly authorizationResponse?: AuthorizationResponse
  /** `backChannelLogout()`: the provider can end sessions here by itself. By default it cannot. */
  readonly backChannelLogout?: BackChannelLogout
  /** Where sessions and the session secret are kept. By default `data/<clientId>` of the working directory. */
  readonly dataFolder?: string
  /** By default {@link sqliteSessions} in `sessions.sqlite` of the data folder. */
  readonly sessionStorage?: SessionStorage
  /** Signs and seals cookies; at least 32 random bytes. By default made once, in the data folder. */
  readonly sessionSecret?: string
  /** Seconds after a sign-in when the session ends, however busy it is. By default 8 hours. */
  readonly sessionLifetime?: number
  /** The HTML page that says what went wrong. By default a plain one. */
  readonly renderProblem?: (problem: Problem, visitor: Visitor) => string
  /** Told in a sentence, without secrets and tokens, of what went wrong. By default it is written to stderr. */
  readonly log?: (sentence: string) => void
  /** Seconds that one request to the provider may take. By default 10. */
  readonly timeoutSeconds?: number
  /** Seconds since the epoch. */
  readonly now?: () => number
}

/** The options, checked and complete. */
export interface Settings {
  readonly issuer: URL
  readonly clientId: string
  readonly clientAuthentication: ClientAuth
  readonly scope: string
  readonly authorizationRequest: AuthorizationRequest
  readonly authorizationResponse: AuthorizationResponse
  readonly backChannelLogout: BackChannelLogout | undefined
  readonly redirectUri: string
  readonly postLogoutRedirectUri: string
  readonly cookieName: string
  readonly cookie: Readonly<CookieOptions> & { readonly secure: boolean }
  readonly sessionStorage: SessionStorage
  readonly sessionSecret: string
  readonly sessionLifetime: number
  readonly renderProblem: (problem: Problem, visitor: Visitor) => string
  readonly log: (sentence: string) => void
  readonly timeoutSeconds: number
  readonly now: () => number
}

/**
 * Applies the defaults.
 *
 * @throws {TypeError} for an option that cannot work, so that it is noticed before anyone signs in.
 */
export function readSettings(options: RelyingPartyOptions): Settings {
  const { clientId, clientAuthentication, scope, now = () => Date.now() / 1000 } = options
  const { dataFolder = join('data', clientId), sessionLifetime = 8 * 3600 } = options
  const issuer = readUrl('issuer', options.issuer)
  const { origin, protocol, href } = readUrl('baseUrl', options.baseUrl)
  if (href !== `${origin}/`)
    throw new TypeError(`baseUrl must be an origin such as ${origin}, not ${options.baseUrl}`)
  if (!scope.split(' ').includes('openid'))
    throw new TypeError(`scope must contain openid, for it is a sign-in: ${scope}`)

  const secure = protocol === 'https:'
  return {
    issuer,
    clientId,
    clientAuthentication,
    scope,
    authorizationRequest: options.authorizationRequest ?? queryParameters(),
    authorizationResponse: options.authorizationResponse ?? codeByQuery(),
    backChannelLogout: options.backChannelLogout,
    redirectUri: `${origin}/signin-oidc`,
    postLogoutRedirectUri: `${origin}/signout-callback-oidc`,
    cookieName: createCookieName(clientId, secure),
    cookie: { httpOnly: true, sameSite: 'lax', secure, path: '/' },
    sessionStorage:
      options.sessionStorage ?? sqliteSessions(join(dataFolder, 'sessions.sqlite'), { now }),
    sessionSecret: options.sessionSecret ?? readSessionSecret(dataFolder),
    sessionLifetime,
    renderProblem: options.renderProblem ?? renderPlainPage,
    log: options.log ?? console.error,
    timeoutSeconds: options.timeoutSeconds ?? 10,
    now,
  }
}

function readUrl(name: string, value: string): URL {
  const url = URL.parse(value)
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new TypeError(`${name} must be an http or https URL, not ${value}`)
  return url
}

/**
 * Cookies do not tell ports apart, so each app's have a name of their own. The prefix makes the browser
 * refuse a cookie of this name that a neighbouring subdomain sets.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.7.1 RFC 9700 §4.7.1}
 */
function createCookieName(clientId: string, secure: boolean): string {
  return `${secure ? '__Host-' : ''}${clientId.replace(/[^\w.-]/g, '-')}`
}
