import {
  AnotherUserError,
  type RelyingParty,
  type TokenRecord,
  type Tokens,
} from '@basics/relying-party'
import { refreshTokenGrant } from 'openid-client'

import { type AccessToken, isAlive } from '../access-token.ts'
import type { backOff } from '../back-off.ts'
import { publish, type TokenSubject } from '../events.ts'
import { readTokenRequestError, TokenRequestError } from '../token-request-error.ts'
import { discardRefreshToken, keepTokens } from './keep-tokens.ts'
import { NoRefreshToken, SessionEnded, TokensNotKept } from './session-ended.ts'
import { createNextTokens, readAccessToken, type SessionPart } from './session-part.ts'
import { isUnusable, UnusableAnswer } from './unusable-answer.ts'

/** What all sessions of a process have in common. */
export interface UserTokenSettings {
  readonly login: RelyingParty
  /** Seconds since the epoch. */
  readonly now: () => number
  /** Seconds that a token lives whose response does not say. */
  readonly assumedLifetime: number
  /** Kept after a failure, by all sessions. */
  readonly pause: ReturnType<typeof backOff>
  /** Told in a sentence, without secrets and tokens, of what went wrong. */
  readonly log: (sentence: string) => void
}

/** A refresh of one session, for one part of what was granted. */
export interface SessionRefresh {
  readonly subject: TokenSubject & { readonly session: string }
  readonly part: SessionPart
  /** The session's tokens as they were when it was claimed. */
  readonly record: TokenRecord
}

/**
 * Exchanges the session's refresh token for an access token and keeps what came. Only for whoever has the
 * claim on the session: a refresh token that is sent twice may end the session.
 *
 * @returns undefined when another process has changed the tokens meanwhile: then its tokens count.
 * @throws {NoRefreshToken} when there is nothing to exchange.
 * @throws {SessionEnded} when the token service accepts the refresh token no more or answers with tokens of
 *   another user, or the user has signed out meanwhile. The session has no tokens then.
 * @throws {TokensNotKept} when the store fails: the new refresh token is revoked, and the old one is spent.
 * @throws {TokenRequestError} for any other failure, which changes nothing.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-6 RFC 6749 §6}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.14.2 RFC 9700 §4.14.2}
 */
export async function refreshSession(
  settings: UserTokenSettings,
  refresh: SessionRefresh,
): Promise<AccessToken | undefined> {
  const { refresh_token } = refresh.record.tokens
  if (refresh_token === undefined) throw new NoRefreshToken()
  publish('requested', { ...refresh.subject, attempt: 1 })
  try {
    const tokens = await requestTokens(settings, refresh, refresh_token)
    const token = await keepTokens(settings, refresh, tokens)
    settings.pause.succeed()
    return token
  } catch (error) {
    if (
      error instanceof TokenRequestError ||
      error instanceof TokensNotKept ||
      error instanceof AnotherUserError
    )
      return await giveUp(settings, refresh, error)
    throw error
  }
}

async function requestTokens(
  settings: UserTokenSettings,
  { subject, part, record }: SessionRefresh,
  refresh_token: string,
): Promise<Tokens> {
  const { login, now, assumedLifetime } = settings
  const failure = `no token for a user of "${login.clientId}" from ${login.issuer}`
  try {
    const provider = await login.provider()
    const requestedAt = now()
    const response = await refreshTokenGrant(provider, refresh_token, { ...part.parameters })
    try {
      return createNextTokens(record.tokens, part, response, requestedAt, assumedLifetime)
    } catch (error) {
      if (error instanceof AnotherUserError)
        await discardRefreshToken(
          settings,
          subject.session,
          response.refresh_token ?? refresh_token,
        )
      throw error
    }
  } catch (error) {
    if (error instanceof AnotherUserError) throw error
    if (isUnusable(error)) throw new UnusableAnswer(`${failure}: ${error.message}`, {})
    throw await readTokenRequestError(error, failure)
  }
}

async function giveUp(
  { login, pause, now, assumedLifetime }: UserTokenSettings,
  { subject, part, record }: SessionRefresh,
  error: TokenRequestError | TokensNotKept | AnotherUserError,
): Promise<undefined> {
  const isOver = error instanceof AnotherUserError
  if (!isOver && !(error instanceof TokenRequestError && error.error === 'invalid_grant')) {
    // While a token lives nobody needs another at once. Who has none is told at once of what stays as it is.
    const isPatient = isAlive(readAccessToken(record, part, assumedLifetime), now())
    const isTransient = error instanceof TokensNotKept || error.isTransient
    const retry_in = isPatient || isTransient ? pause.fail() : 0
    publish('failed', { ...subject, error: error.message, retry_in })
    throw error
  }
  // The claim may have run out on the way, and another process may have used the refresh token.
  const current = await login.tokens.get(subject.session)
  if (!isOver && current !== undefined && current.version !== record.version) return undefined
  await login.tokens.take(subject.session)
  publish('ended', { ...subject, error: error.message })
  throw new SessionEnded(error.message, { cause: error })
}
