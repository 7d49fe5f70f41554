import { setTimeout as sleep } from 'node:timers/promises'

import type { Tokens } from '@basics/relying-party'

import type { AccessToken } from '../access-token.ts'
import { publish } from '../events.ts'
import type { SessionRefresh, UserTokenSettings } from './refresh-session.ts'
import { revokeRefreshToken } from './revoke-refresh-token.ts'
import { SessionEnded, TokensNotKept } from './session-ended.ts'
import { readAccessToken } from './session-part.ts'

/** Milliseconds before each further try to write: a store that is locked now may not be in a moment. */
const pauses = [50, 150, 300]

/**
 * Replaces the session's tokens with those of a refresh. The refresh token they came for may be spent: to
 * lose them is to lose the session.
 *
 * @returns undefined when another process has changed the tokens meanwhile: then its tokens count.
 * @throws {SessionEnded} when the user has signed out meanwhile.
 * @throws {TokensNotKept} when the store fails again and again.
 */
export async function keepTokens(
  settings: UserTokenSettings,
  { subject, part, record }: SessionRefresh,
  tokens: Tokens,
): Promise<AccessToken | undefined> {
  const { login, assumedLifetime } = settings
  const { session } = subject
  if (!(await replaceTokens(settings, session, record.version, tokens))) {
    if ((await login.tokens.get(session)) !== undefined) return undefined
    // The sign-out has revoked the refresh token it found. This one nobody will ever use.
    await discardRefreshToken(settings, session, tokens.refresh_token)
    throw new SessionEnded('the user has signed out')
  }
  const token = readAccessToken({ tokens }, part, assumedLifetime)
  const expires_in = token && token.expires_at - token.requested_at
  const isRenewal = readAccessToken(record, part, assumedLifetime) !== undefined
  if (expires_in !== undefined)
    publish(isRenewal ? 'renewed' : 'obtained', { ...subject, expires_in })
  return token
}

async function replaceTokens(
  settings: UserTokenSettings,
  session: string,
  version: number,
  tokens: Tokens,
): Promise<boolean> {
  for (const pause of [...pauses, undefined]) {
    try {
      return await settings.login.tokens.replace(session, version, tokens)
    } catch (error) {
      if (pause === undefined) {
        const message = `the new tokens of a session are not kept: ${(error as Error).message}`
        settings.log(message)
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
