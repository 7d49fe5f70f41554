import type { RelyingParty } from '@basics/relying-party'
import type { Request } from 'express'

import type { AccessToken } from '../access-token.ts'
import { recordEvents, type TokenEvent } from '../events.ts'
import { exponentialPause } from '../exponential-pause.ts'
import { fetchWithToken } from '../fetch-with-token.ts'
import { singleFlight } from '../single-flight.ts'
import type { TokenTarget } from '../token-target.ts'
import { refreshPause } from './refresh-pause.ts'
import { revokeRefreshToken } from './revoke-refresh-token.ts'
import { withClaim } from './session-claim.ts'
import { createProblem, SessionEnded } from './session-ended.ts'
import { createSessionPart } from './session-part.ts'
import { UserToken, type UserTokenPolicy } from './user-token.ts'

/** Times are in seconds. */
export interface UserTokenOptions {
  /** How long before it expires a token is renewed (60), though never before half its lifetime. */
  readonly renewBefore?: number
  /** How long a token is taken to live whose response has no `expires_in` (300). */
  readonly assumedLifetime?: number
  /** The pause after that many failures in a row; by default 0.25, 0.5, 1, … 10, less up to half by chance. */
  readonly pauseAfter?: (failures: number) => number
  /** How long a request without a token waits for another process that renews it (5). */
  readonly claimPatience?: number
  /** Seconds since the epoch. */
  readonly now?: () => number
  /** Told in a sentence, without secrets and tokens, of what went wrong. By default it is written to stderr. */
  readonly log?: (sentence: string) => void
}

/** Each for a request that `login.required` has let in. */
export interface UserTokens {
  /**
   * The user's access token, renewed first when it is due: for all that was granted, or for a part of it,
   * which is asked for when it is first needed and kept beside the others.
   *
   * @throws {ProblemError} when there is no token: 403 when the user has to sign in again, which the next
   *   request does; 503 while the token service cannot be reached or its answer not be verified, another
   *   process has not renewed it, or the store fails; 502 when the token service refuses.
   *   `login.problems` shows it.
   */
  get(req: Request, options?: TokenTarget & { readonly signal?: AbortSignal }): Promise<AccessToken>

  /**
   * `fetch` with the user's access token, which goes to the origin of `url` and nowhere else: a redirect is
   * returned as the response it is. When the API answers 401, the token is renewed and the request
   * repeated, once.
   *
   * @param url Absolute. The app's own words, never a visitor's: whoever it names gets the token.
   * @throws {ProblemError} as `get`. Else what `fetch` throws.
   */
  fetch(
    req: Request,
    url: string | URL,
    init?: TokenTarget & Omit<RequestInit, 'redirect'>,
  ): Promise<Response>

  /**
   * Gives the refresh token back to the token service, as every sign-out does by itself. The session goes
   * on as long as its access token lives.
   *
   * @throws {ProblemError} when it is not revoked.
   */
  revoke(req: Request): Promise<void>

  /** What was done for this request, so far and from now on. */
  events(req: Request): readonly TokenEvent[]
}

/**
 * Keeps the tokens of signed-in users fresh, wherever their sessions are stored: renewed before they
 * expire, once for however many requests and processes need it, and revoked at sign-out.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-6 RFC 6749 §6}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7009.html#section-2 RFC 7009 §2}
 */
export function manageUserTokens(login: RelyingParty, options: UserTokenOptions = {}): UserTokens {
  const { now = () => Date.now() / 1000, renewBefore = 60, assumedLifetime = 300 } = options
  const policy: UserTokenPolicy = {
    login,
    now,
    renewBefore,
    assumedLifetime,
    claimPatience: options.claimPatience ?? 5,
    log: options.log ?? console.error,
    pause: refreshPause(options.pauseAfter ?? exponentialPause, now),
    singleFlight: singleFlight<AccessToken>(),
    refusals: new Map(),
  }
  const recorded = new WeakMap<Request, TokenEvent[]>()

  login.onSignOut(async (session, { refresh_token }) => {
    if (refresh_token !== undefined) await revokeRefreshToken(login, session, refresh_token)
  })

  function eventsOf(req: Request): TokenEvent[] {
    const events = recorded.get(req) ?? []
    recorded.set(req, events)
    return events
  }

  /** Does the work for a request: what it publishes is noted, and what stops it becomes a page. */
  async function during<Result>(req: Request, work: () => Promise<Result>): Promise<Result> {
    try {
      return await recordEvents(eventsOf(req), work)
    } catch (error) {
      if (error instanceof SessionEnded) await login.endSession(req)
      throw createProblem(error, req)
    }
  }

  function tokenOf(req: Request, target: TokenTarget): UserToken {
    return new UserToken(login.session(req).id, createSessionPart(target), policy)
  }

  return {
    get: (req, { signal, ...target } = {}) =>
      during(req, () => tokenOf(req, target).get({ signal })),

    fetch: (req, url, init = {}) =>
      during(req, () => fetchWithToken(String(url), () => tokenOf(req, init))(url, init)),

    revoke: (req) => during(req, () => revoke(policy, login.session(req).id)),

    events: eventsOf,
  }
}

/** Under the claim, or a refresh that is under way would bring a refresh token that is not revoked. */
async function revoke(policy: UserTokenPolicy, session: string): Promise<void> {
  const { login, claimPatience, log } = policy
  await withClaim({
    store: login.tokens,
    id: session,
    lifetime: 2 * login.timeoutSeconds + 5,
    patience: claimPatience,
    log,
    find: ({ tokens }) => (tokens.refresh_token === undefined ? 'revoked' : undefined),
    work: async ({ tokens, version }) => {
      const { refresh_token = '', ...others } = tokens
      await revokeRefreshToken(login, session, refresh_token)
      return (await login.tokens.replace(session, version, others)) ? 'revoked' : undefined
    },
  })
}
