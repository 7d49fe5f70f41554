import type { RelyingParty, TokenRecord } from '@basics/relying-party'

import { type AccessToken, isAlive } from '../access-token.ts'
import { publish, type TokenSubject } from '../events.ts'
import { TokenRequestError } from '../token-request-error.ts'
import { ForeignAnswer } from './foreign-answer.ts'
import { keepTokens, TokensChanged } from './keep-tokens.ts'
import type { RefreshPause } from './refresh-pause.ts'
import { requestTokens } from './request-tokens.ts'
import { NoRefreshToken, SessionEnded, TokensNotKept } from './session-ended.ts'
import { readAccessToken, type SessionPart } from './session-part.ts'

/** What all sessions of a process have in common. */
export interface UserTokenSettings {
  readonly login: RelyingParty
  /** Seconds since the epoch. */
  readonly now: () => number
  /** Seconds that a token lives whose response does not say. */
  readonly assumedLifetime: number
  /** Kept after a failure, by all sessions. */
  readonly pause: RefreshPause
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
 * @throws {SessionEnded} when the token service accepts the refresh token no more, or answers with tokens of
 *   or for somebody else, or the user has signed out meanwhile. The session has no tokens then.
 * @throws {TokensNotKept} when the store fails: a new refresh token that is not in it is revoked, and the
 *   old one is spent.
 * @throws {TokenRequestError} for any other failure. The session has its access token still, and the
 *   refresh token that counts: a new one, if one came.
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
    const { record, tokens } = await requestTokens(settings, refresh, refresh_token)
    const kept = await keepTokens(settings, { ...refresh, record }, tokens)
    settings.pause.succeed()
    return adopt(settings, refresh, kept)
  } catch (error) {
    if (error instanceof TokensChanged) return undefined
    if (
      error instanceof TokenRequestError ||
      error instanceof TokensNotKept ||
      error instanceof ForeignAnswer
    )
      return await giveUp(settings, refresh, error)
    throw error
  }
}

function adopt(
  { assumedLifetime }: UserTokenSettings,
  { subject, part, record }: SessionRefresh,
  kept: TokenRecord,
): AccessToken | undefined {
  const token = readAccessToken(kept, part, assumedLifetime)
  const expires_in = token && token.expires_at - token.requested_at
  const isRenewal = readAccessToken(record, part, assumedLifetime) !== undefined
  if (expires_in !== undefined)
    publish(isRenewal ? 'renewed' : 'obtained', { ...subject, expires_in })
  return token
}

async function giveUp(
  { login, pause, now, assumedLifetime }: UserTokenSettings,
  { subject, part, record }: SessionRefresh,
  error: TokenRequestError | TokensNotKept | ForeignAnswer,
): Promise<undefined> {
  const isOver = error instanceof ForeignAnswer
  if (!isOver && !(error instanceof TokenRequestError && error.error === 'invalid_grant')) {
    // While a token lives nobody needs another at once. Who has none is told at once of what stays as it is.
    const isPatient = isAlive(readAccessToken(record, part, assumedLifetime), now())
    const isTransient = error instanceof TokensNotKept || error.isTransient
    const retry_in = isPatient || isTransient ? pause.fail(error) : 0
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
