import { handOver } from '@basics/protocol'
import { AnotherUserError, type TokenRecord, type Tokens } from '@basics/relying-party'
import { refreshTokenGrant } from 'openid-client'

import { readTokenRequestError } from '../token-request-error.ts'
import { ForeignAnswer, isForeign } from './foreign-answer.ts'
import { discardRefreshToken, keepTokens } from './keep-tokens.ts'
import type { SessionRefresh, UserTokenSettings } from './refresh-session.ts'
import { createNextTokens } from './session-part.ts'
import { isUnusable, isUnverified, UnusableAnswer, UnverifiedAnswer } from './unusable-answer.ts'

/** The session's tokens with those of a refresh, and its record as it is until they are kept. */
export interface RequestedTokens {
  readonly record: TokenRecord
  readonly tokens: Tokens
}

/**
 * Sends the session's refresh token. The new one is kept as soon as it is there: that the answer fails its
 * checks, or cannot be checked because the provider's keys are not to be had, does not make the old one
 * good again. The access token is not used before its ID Token is verified.
 *
 * @throws {ForeignAnswer} when the answer is of or for somebody else. Its refresh token is revoked.
 * @throws {TokenRequestError} for any other failure, after which the session can be refreshed again. Else
 *   what {@link keepTokens} throws.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-6 RFC 6749 §6}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse OIDC Core §12.2}
 */
export async function requestTokens(
  settings: UserTokenSettings,
  refresh: SessionRefresh,
  refresh_token: string,
): Promise<RequestedTokens> {
  const { login, now, assumedLifetime } = settings
  const { part, subject } = refresh
  let kept = Promise.resolve(refresh.record)
  try {
    const provider = await login.provider()
    const requestedAt = now()
    const response = await handOver(
      (arrived) => {
        const { tokens } = refresh.record
        kept = keepTokens(settings, refresh, { ...tokens, refresh_token: arrived })
        return kept
      },
      () => refreshTokenGrant(provider, refresh_token, { ...part.parameters }),
    )
    const record = await kept
    const tokens = createNextTokens(record.tokens, part, response, requestedAt, assumedLifetime)
    return { record, tokens }
  } catch (error) {
    // Why the refresh token is not kept counts for more than what openid-client makes of it.
    const { tokens } = await kept
    const failure = await readFailure(error, login)
    if (failure instanceof ForeignAnswer)
      await discardRefreshToken(settings, subject.session, tokens.refresh_token)
    throw failure
  }
}

async function readFailure(
  error: unknown,
  { clientId, issuer }: UserTokenSettings['login'],
): Promise<Error> {
  if (error instanceof AnotherUserError) return new ForeignAnswer(error.message)
  if (isForeign(error))
    return new ForeignAnswer('the refreshed ID Token is of another issuer, or for another client')
  const failure = `no token for a user of "${clientId}" from ${issuer}`
  const read = await readTokenRequestError(error, failure)
  if (isUnverified(error)) return new UnverifiedAnswer(read.message, {})
  return isUnusable(error) ? new UnusableAnswer(read.message, {}) : read
}
