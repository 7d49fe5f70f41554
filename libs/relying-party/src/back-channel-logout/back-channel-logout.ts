import { OAuthError } from '@basics/protocol'
import express, { type Request, type RequestHandler, type Response } from 'express'

import type { Context } from '../context.ts'
import { describeCause, ProviderUnavailable } from '../provider/provider-unavailable.ts'
import type { EndedSession } from '../sessions/session-endings.ts'
import { discardTokens } from '../sign-out/discard-tokens.ts'
import { KeysUnavailable } from './fetch-keys.ts'
import { type LogoutTokenClaims, validateLogoutToken } from './logout-token.ts'
import { type ProviderKeys, providerKeys } from './provider-keys.ts'
import { readLogoutToken } from './read-logout-token.ts'

export interface BackChannelLogoutOptions {
  /** Told of each logout token that was accepted, once its sessions have ended. */
  readonly received?: (claims: LogoutTokenClaims) => void
}

/** What answers at `/backchannel-logout`. */
export type BackChannelLogout = (context: Context) => RequestHandler

/** Longer than any logout token, in bytes. */
const maximumBody = 16 * 1024
/** Seconds after which the provider may try again, when back-off has no more. */
const retryAfter = 5

/**
 * Lets the provider end sessions here, behind the browser's back: it posts a logout token, and the sessions
 * that the token names are gone at once, in every process that shares the session storage. Their refresh
 * tokens are revoked afterwards; the provider does not wait for that.
 *
 * 200: the sessions have ended, also when there were none. 400: nothing has ended. The token is refused, or,
 * with `temporarily_unavailable` and `Retry-After`, the keys or the session storage cannot be reached: then the
 * same token may be sent again.
 *
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRequest Back-Channel Logout §2.5}
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#BCActions Back-Channel Logout §2.7}
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#BCResponse Back-Channel Logout §2.8}
 */
export function backChannelLogout(options: BackChannelLogoutOptions = {}): BackChannelLogout {
  return (context) => {
    const keys = providerKeys(context)
    const logged = new WeakSet<object>()
    const readBody = express.text({
      type: 'application/x-www-form-urlencoded',
      limit: maximumBody,
      inflate: false,
    })

    return (req, res) => {
      res.set('Cache-Control', 'no-store')
      readBody(req, res, (unreadable?: unknown) => {
        receive(context, keys, req, unreadable).then(
          ({ claims, ended }) => {
            res.end()
            context.afterwards(finish(context, ended, () => options.received?.(claims)))
          },
          (error) => refuse(context, logged, res, error),
        )
      })
    }
  }
}

async function receive(context: Context, keys: ProviderKeys, req: Request, unreadable: unknown) {
  const logout_token = readLogoutToken(req, unreadable)
  const claims = await validateLogoutToken(logout_token, keys, context)
  const ended = await endSessions(context, claims)
  if (ended === undefined)
    throw new OAuthError('invalid_request', 'the logout token was used before (jti)')
  return { claims, ended }
}

async function endSessions(context: Context, claims: LogoutTokenClaims) {
  try {
    return await context.sessionStorage.endSessions(claims)
  } catch (cause) {
    const description = 'the sessions could not be ended; send the logout token again'
    throw new OAuthError('temporarily_unavailable', description, { cause })
  }
}

async function finish(
  context: Context,
  ended: readonly EndedSession[],
  tell: () => void,
): Promise<void> {
  try {
    tell()
  } catch (error) {
    context.log(`a logout token was accepted, but not all was told of it: ${describeCause(error)}`)
  }
  for (const session of ended) await discardTokens(context, session)
}

/** Only failures of our own are logged, and each once: anybody can send what is refused, as often as they like. */
function refuse(
  { log, now }: Context,
  logged: WeakSet<object>,
  res: Response,
  error: unknown,
): void {
  const refusal =
    error instanceof OAuthError
      ? error
      : new OAuthError('server_error', 'the logout token could not be handled', { cause: error })
  const { cause } = refusal
  if (refusal.status >= 500) {
    const reason = describeCause(cause).replace(/\p{Cc}+/gu, ' ')
    // During back-off every token meets the same failure.
    if (!logged.has(Object(cause)))
      log(`a logout token was not handled, ${refusal.message}: ${reason}`)
    logged.add(Object(cause))
    res.set('Retry-After', String(Math.max(retryAfter, Math.ceil(readRetryAt(cause) - now()))))
  }
  if (refusal.status === 405) res.set('Allow', 'POST')
  // The specification has one status for a token that is refused and for a logout that failed.
  res.status(refusal.status >= 500 ? 400 : refusal.status).json(refusal)
}

/** When back-off is over, in seconds since the epoch; 0 where there is none. */
function readRetryAt(cause: unknown): number {
  return cause instanceof ProviderUnavailable || cause instanceof KeysUnavailable
    ? cause.retryAt
    : 0
}
