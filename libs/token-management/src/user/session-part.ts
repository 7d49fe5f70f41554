import {
  createNarrowedTokens,
  createRefreshedTokens,
  type TokenRecord,
  type Tokens,
} from '@basics/relying-party'
import type { TokenEndpointResponse, TokenEndpointResponseHelpers } from 'openid-client'

import { type AccessToken, createAccessToken } from '../access-token.ts'
import { createParameters, type TokenTarget } from '../token-target.ts'

/** What an access token of a session is for: all that was granted, or a part of it. */
export interface SessionPart {
  /** Where the session keeps the token; undefined: at the top, as that of the sign-in. */
  readonly name: string | undefined
  /** What is asked of the token endpoint. */
  readonly parameters: TokenTarget
}

/** JSON keeps scope and resource apart, whatever characters are in them. */
export function createSessionPart(target: TokenTarget): SessionPart {
  const parameters = createParameters(target)
  const isPart = Object.keys(parameters).length > 0
  return { name: isPart ? JSON.stringify(parameters) : undefined, parameters }
}

/**
 * The session's access token for a part, whether it is good or not.
 *
 * @param assumedLifetime Seconds that a token lives whose response did not say.
 * @throws {TypeError} for a token that is not a Bearer token.
 */
export function readAccessToken(
  { tokens }: Pick<TokenRecord, 'tokens'>,
  { name }: SessionPart,
  assumedLifetime: number,
): AccessToken | undefined {
  const issued = name === undefined ? tokens : tokens.narrowed?.[name]
  if (issued === undefined) return undefined
  const { requested_at, expires_at = requested_at + assumedLifetime } = issued
  const response = { ...issued, expires_in: expires_at - requested_at }
  return createAccessToken(response, requested_at, assumedLifetime)
}

/**
 * The session's tokens with those of a refresh for a part.
 *
 * @param requestedAt Seconds since the epoch.
 * @param assumedLifetime Seconds that a token lives whose response did not say.
 * @throws {AnotherUserError} when the response is about another user.
 * @throws {TypeError} when it brings no Bearer token.
 */
export function createNextTokens(
  tokens: Tokens,
  { name }: SessionPart,
  response: TokenEndpointResponse & TokenEndpointResponseHelpers,
  requestedAt: number,
  assumedLifetime: number,
): Tokens {
  const next =
    name === undefined
      ? createRefreshedTokens(tokens, response, requestedAt)
      : createNarrowedTokens(tokens, name, response, requestedAt, assumedLifetime)
  // Before the tokens that work are replaced.
  createAccessToken(response, requestedAt, assumedLifetime)
  return next
}
