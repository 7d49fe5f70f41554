import { setTimeout as sleep } from 'node:timers/promises'

import type { TokenRecord, Tokens } from '@basics/relying-party'

import type { SessionRefresh, UserTokenSettings } from './refresh-session.ts'
import { revokeRefreshToken } from './revoke-refresh-token.ts'
import { SessionEnded, TokensNotKept } from './session-ended.ts'

/** Milliseconds before each further try to write: a store that is locked now may not be in a moment. */
const pauses = [50, 150, 300]

/** Another process has changed the session's tokens meanwhile: then its tokens count. */
export class TokensChanged extends Error {
  override readonly name = 'TokensChanged'
}

/**
 * Replaces the session's tokens with those of a refresh. The refresh token they came for may be spent: to
 * lose them is to lose the session.
 *
 * @returns The session's record as it is now.
 * @throws {TokensChanged}
 * @throws {SessionEnded} when the user has signed out meanwhile.
 * @throws {TokensNotKept} when the store fails again and again.
 */
export async function keepTokens(
  settings: UserTokenSettings,
  refresh: SessionRefresh,
  tokens: Tokens,
): Promise<TokenRecord> {
  const { subject, record } = refresh
  if (await replaceTokens(settings, refresh, tokens)) return { version: record.version + 1, tokens }
  if ((await settings.login.tokens.get(subject.session)) !== undefined) throw new TokensChanged()
  // The sign-out has revoked the refresh token it found. This one nobody will ever use.
  await discardRefreshToken(settings, subject.session, tokens.refresh_token)
  throw new SessionEnded('the user has signed out')
}

async function replaceTokens(
  settings: UserTokenSettings,
  { subject: { session }, record }: SessionRefresh,
  tokens: Tokens,
): Promise<boolean> {
  for (const pause of [...pauses, undefined]) {
    try {
      return await settings.login.tokens.replace(session, record.version, tokens)
    } catch (error) {
      if (pause === undefined) {
        const message = `the new tokens of a session are not kept: ${(error as Error).message}`
        settings.log(message)
        // One that the session has already serves its next refresh.
        if (tokens.refresh_token !== record.tokens.refresh_token)
          await discardRefreshToken(settings, session, tokens.refresh_token)
        throw new TokensNotKept(message, { cause: error })
      }
      await sleep(pause)
    }
  }
  return false
}

/** Revokes a refresh token that nobody will use. Whether that succeeds changes nothing for the user. */
export async function discardRefreshToken(
  { login, log }: UserTokenSettings,
  session: string,
  refresh_token: string | undefined,
): Promise<void> {
  if (refresh_token === undefined) return
  try {
    await revokeRefreshToken(login, session, refresh_token)
  } catch (error) {
    log((error as Error).message)
  }
}
