import type { RelyingParty, TokenRecord, Tokens } from '@basics/relying-party'
import { refreshTokenGrant } from 'openid-client'

import type { AccessToken } from '../access-token.ts'
import type { backOff } from '../back-off.ts'
import { publish, type TokenSubject } from '../events.ts'
import { readTokenRequestError, TokenRequestError } from '../token-request-error.ts'
import { revokeRefreshToken } from './revoke-refresh-token.ts'
import { NoRefreshToken, SessionEnded } from './session-ended.ts'
import { createNextTokens, readAccessToken, type SessionPart } from './session-part.ts'

/** What all sessions of a process have in common. */
export interface UserTokenSettings {
  readonly login: RelyingParty
  /** Seconds since the epoch. */
  readonly now: () => number
  /** Seconds that a token lives whose response does not say. */
  readonly assumedLifetime: number
  /** Kept after the token service could not be reached, by all sessions. */
  readonly pause: ReturnType<typeof backOff>
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
 * @throws {SessionEnded} when the token service accepts the refresh token no more, or the user has signed
 *   out meanwhile. The session has no tokens then.
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
    return await keepTokens(settings, refresh, tokens)
  } catch (error) {
    if (error instanceof TokenRequestError) return await giveUp(settings, refresh, error)
    throw error
  }
}

async function requestTokens(
  { login, now, pause }: UserTokenSettings,
  { part, record }: SessionRefresh,
  refresh_token: string,
): Promise<Tokens> {
  try {
    const provider = await login.provider()
    const requestedAt = now()
    const response = await refreshTokenGrant(provider, refresh_token, { ...part.parameters })
    pause.succeed()
    return createNextTokens(record.tokens, part, response, requestedAt)
  } catch (error) {
    const failure = `no token for a user of "${login.clientId}" from ${login.issuer}`
    throw await readTokenRequestError(error, failure)
  }
}

async function keepTokens(
  { login, assumedLifetime }: UserTokenSettings,
  { subject, part, record }: SessionRefresh,
  tokens: Tokens,
): Promise<AccessToken | undefined> {
  const { session } = subject
  if (!(await login.tokens.replace(session, record.version, tokens))) {
    if ((await login.tokens.get(session)) !== undefined) return undefined
    // The sign-out has revoked the refresh token it found. This one nobody will ever use.
    if (tokens.refresh_token !== undefined)
      await revokeRefreshToken(login, session, tokens.refresh_token).catch(() => undefined)
    throw new SessionEnded('the user has signed out')
  }
  const token = readAccessToken({ tokens }, part, assumedLifetime)
  const expires_in = token && token.expires_at - token.requested_at
  const isRenewal = readAccessToken(record, part, assumedLifetime) !== undefined
  if (expires_in !== undefined)
    publish(isRenewal ? 'renewed' : 'obtained', { ...subject, expires_in })
  return token
}

async function giveUp(
  { login, pause }: UserTokenSettings,
  { subject, record }: SessionRefresh,
  error: TokenRequestError,
): Promise<undefined> {
  if (error.error !== 'invalid_grant') {
    const retry_in = error.isTransient ? pause.fail() : 0
    publish('failed', { ...subject, error: error.message, retry_in })
    throw error
  }
  // The claim may have run out on the way, and another process may have used the refresh token.
  const current = await login.tokens.get(subject.session)
  if (current !== undefined && current.version !== record.version) return undefined
  await login.tokens.take(subject.session)
  publish('ended', { ...subject, error: error.message })
  throw new SessionEnded(error.message, { cause: error })
}
