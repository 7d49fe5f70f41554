import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Explanation } from '../authorization-request/explained-error.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { ApiResource, ApiScope, IdentityResource } from '../model/resources.ts'
import type { LoginSession } from './login-session.ts'

/**
 * What the host's pages need of the engine: what is being asked of the user, and how to answer.
 * Every page gets `returnUrl`, `logoutId` or `errorId` and hands it back here; none has to be parsed.
 */
export interface Interaction {
  /** The authorization request that waits behind a `returnUrl`, or undefined when none (any more) does. */
  getAuthorizationContext(returnUrl: string | undefined): Promise<AuthorizationContext | undefined>
  /** Whether a page may send the browser there: to a waiting authorization request, or to a local path. */
  isValidReturnUrl(returnUrl: string | undefined): Promise<boolean>

  /** The session of the browser that sent the request, or undefined when nobody is signed in. */
  getSession(req: IncomingMessage): Promise<LoginSession | undefined>
  /** Begins a session: a new session id unless the same user signs in again, and a new cookie always. */
  signIn(req: IncomingMessage, res: ServerResponse, login: Login): Promise<LoginSession>
  /**
   * Ends the session of the browser that sent the request, and what depends on it.
   *
   * @returns the `logoutId` for the page that confirms it: its context has the clients that are told.
   *   Where nobody was signed in it is the one that was given.
   */
  signOut(
    req: IncomingMessage,
    res: ServerResponse,
    logoutId: string | undefined,
  ): Promise<string | undefined>

  /** Answers the request behind `returnUrl` with the user's consent to some of its scopes. */
  grantConsent(req: IncomingMessage, returnUrl: string, consent: Consent): Promise<void>
  /** Answers the request behind `returnUrl` with a refusal, which the client is told of. */
  denyAuthorization(returnUrl: string): Promise<void>

  /** What is to be signed out of, and for whom. Never fails: without a `logoutId` the user just asks. */
  getLogoutContext(req: IncomingMessage, logoutId: string | undefined): Promise<LogoutContext>
  /** What went wrong with a front-channel request that cannot be answered to its client. */
  getErrorContext(errorId: string | undefined): Promise<ErrorContext | undefined>

  /** What the signed-in user has granted, by client: what is remembered, and tokens that are kept here; of JWTs none. */
  getGrants(req: IncomingMessage): Promise<UserGrant[]>
  /**
   * Takes back everything the signed-in user granted a client: consent, and all tokens, also those that a
   * code or refresh token is being exchanged for. A JWT lives on at APIs that do not ask here, and
   * everywhere when its client has `includeJwtId: false`.
   */
  revokeGrants(req: IncomingMessage, clientId: string): Promise<void>

  /** Where the signed-in user is signed in: this browser first. */
  getSessions(req: IncomingMessage): Promise<SessionSummary[]>
  /** Ends one of the signed-in user's sessions, and tells its clients. Another user's stays. */
  endSession(req: IncomingMessage, sid: string): Promise<void>
  /** Ends all sessions of the signed-in user: the others first, then this browser's as `signOut` does. */
  signOutEverywhere(req: IncomingMessage, res: ServerResponse): ReturnType<Interaction['signOut']>
}

/** What a page that asks the user something may say about the request it is for. */
export interface AuthorizationContext {
  readonly client: Pick<
    RegisteredClient,
    'clientId' | 'clientName' | 'clientUri' | 'logoUri' | 'allowRememberConsent'
  >
  /** The user name the client suggests. */
  readonly loginHint: string | undefined
  readonly uiLocales: readonly string[]
  readonly display: 'page' | 'popup' | 'touch' | 'wap'
  readonly acrValues: readonly string[]
  /** The identity provider that was asked for, from `acr_values=idp:…`. */
  readonly idp: string | undefined
  readonly identityResources: readonly IdentityResource[]
  readonly apiScopes: readonly ApiScope[]
  /** The APIs that have one of the scopes. */
  readonly apiResources: readonly ApiResource[]
  /** Whether `offline_access`, that is access while the user is away, is asked for. */
  readonly offlineAccess: boolean
  /** Where the response goes, as an origin: what the page's `form-action` has to admit besides itself. */
  readonly responseOrigin: string
}

export interface Login {
  readonly sub: string
  /** How the user proved who they are, as in RFC 8176. Default `['pwd']`. */
  readonly amr?: readonly string[]
  /** Where. Default `local`. */
  readonly idp?: string
  /** Whether the session outlives the browser. */
  readonly remember?: boolean
}

export interface Consent {
  /** The scopes that the user left ticked. */
  readonly scopes: readonly string[]
  readonly remember: boolean
  /** The user's own name for the device, shown on the grants page. */
  readonly description?: string
}

export interface LogoutContext {
  readonly clientId: string | undefined
  readonly clientName: string | undefined
  /** Where the browser may go afterwards, `state` included. */
  readonly postLogoutRedirectUri: string | undefined
  /** False when the client has proven, by the session's own ID Token, that it may ask. */
  readonly showSignoutPrompt: boolean
  /** Who learns of it: undefined until the user is signed out. */
  readonly told: ToldClients | undefined
}

export interface ToldClients {
  /** The clients that are told, by the browser or by this server itself. */
  readonly clients: readonly ShownClient[]
  /** Those that knew of the session and cannot be told, but for the one that asked for the logout. */
  readonly notTold: readonly ShownClient[]
  /**
   * What the page that confirms the logout has to load, in a hidden iframe: that tells the clients
   * that can be told by the browser alone. It does so once. Undefined when there are none.
   */
  readonly iframePath: string | undefined
}

export type ShownClient = Pick<RegisteredClient, 'clientId' | 'clientName' | 'clientUri'>

export interface ErrorContext {
  readonly error: string
  /** For developers: to be shown in development alone. */
  readonly errorDescription: string
  /** To find the log line by. */
  readonly requestId: string
  /** What the request claims. */
  readonly clientId: string | undefined
  /** What it holds is for developers too; that there is one, and its reason, may be told to anyone. */
  readonly explanation?: Explanation
}

/** A session as its user is shown it. */
export interface SessionSummary {
  readonly sid: string
  /** Whether it is the one of the browser that asks. */
  readonly isCurrent: boolean
  /** Such as `Firefox on Linux`, or undefined when it was not known. */
  readonly browser: string | undefined
  /** When the user last signed in. Milliseconds since the epoch. */
  readonly authTime: number
  /** Milliseconds since the epoch. */
  readonly expires: number
  /** Whether it outlives the browser. */
  readonly remember: boolean
  /** Those that know of it. */
  readonly clients: readonly {
    readonly clientId: string
    readonly clientName: string | undefined
    /** Whether this server tells it when the session ends: then it learns of it without that browser. */
    readonly hasBackChannelLogout: boolean
  }[]
}

export interface UserGrant {
  readonly clientId: string
  readonly clientName: string | undefined
  readonly clientUri: string | undefined
  readonly logoUri: string | undefined
  readonly description: string | undefined
  /** Milliseconds since the epoch. */
  readonly created: number
  /** Milliseconds since the epoch; undefined when it lasts until it is taken back. */
  readonly expires: number | undefined
  readonly identityResources: readonly IdentityResource[]
  readonly apiScopes: readonly ApiScope[]
  readonly offlineAccess: boolean
}
