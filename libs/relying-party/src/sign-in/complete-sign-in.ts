import { randomUUID } from 'node:crypto'

import { handOver } from '@basics/protocol'
import type { Request, Response } from 'express'
import type { TokenEndpointResponse, TokenEndpointResponseHelpers } from 'openid-client'

import type { Context } from '../context.ts'
import { ProblemError, SignInFailed } from '../problems/problem.ts'
import { describeCause } from '../provider/provider-unavailable.ts'
import { regenerateSession, saveSession } from '../sessions/session-steps.ts'
import { endTokens } from '../sign-out/end-tokens.ts'
import { requireOngoingLogin } from '../sign-out/ongoing-login.ts'
import { revokeRefreshToken } from '../tokens/revoke-refresh-token.ts'
import { createTokens, type Tokens } from '../tokens/tokens.ts'
import { validateAccessTokenHash } from './access-token-hash.ts'
import type { SignInAttempt } from './begin-sign-in.ts'
import { readUserClaims } from './user-claims.ts'

/**
 * Redeems the authorization response for tokens, starts the user's session and goes on to the page first
 * asked for.
 *
 * openid-client makes the checks: `iss` and `state` of the response, then of the ID Token signature, `iss`,
 * `aud`, `azp`, `exp`, `iat` and `nonce`; all but `at_hash`, which is ours. An error in the response counts only after the first two.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthResponseValidation OIDC Core §3.1.2.7}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation OIDC Core §3.1.3.7}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9207.html#section-2.4 RFC 9207 §2.4}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636.html#section-4.5 RFC 7636 §4.5}
 */
export async function completeSignIn(context: Context, req: Request, res: Response): Promise<void> {
  const parameters = await context.authorizationResponse.read(req, res)
  const state = parameters.get('state') ?? ''
  const attempt = await context.signIns.take(req, res, state)
  if (attempt === undefined) throw new ProblemError(unknownAttempt)
  try {
    const issue = () => redeem(context, parameters, state, attempt)
    const { id_token } = await signIn(context, req, parameters, issue)
    await requireOngoingLogin(context, req, res, id_token)
    // After a form the browser goes on with a GET (RFC 9110 §15.4.4).
    res.redirect(req.method === 'POST' ? 303 : 302, attempt.returnTo)
  } catch (error) {
    throw new SignInFailed(attempt.returnTo, error)
  }
}

/**
 * Signs the user in with what is issued, or revokes it: it is in no session that somebody could end. That goes for an
 * answer which openid-client refuses, too.
 */
async function signIn(
  context: Context,
  req: Request,
  parameters: URLSearchParams,
  issue: () => Promise<Redeemed>,
): Promise<Tokens> {
  let issued: string | undefined
  try {
    const { response, tokens } = await handOver(async (refresh_token) => {
      issued = refresh_token
    }, issue)
    context.authorizationResponse.validate(parameters, response)
    validateAccessTokenHash(tokens.access_token, tokens.id_token)
    const claims = await readUserClaims(await context.provider(), response)
    await startSession(context, req, claims, tokens)
    return tokens
  } catch (error) {
    if (issued !== undefined) context.afterwards(revoke(context, issued))
    throw error
  }
}

async function redeem(
  context: Context,
  parameters: URLSearchParams,
  state: string,
  attempt: SignInAttempt,
): Promise<Redeemed> {
  const { authorizationResponse, redirectUri } = context
  const provider = await context.provider()
  const requestedAt = context.now()
  const checks = {
    expectedState: state,
    expectedNonce: attempt.nonce,
    pkceCodeVerifier: attempt.code_verifier,
  }
  const response = await authorizationResponse.redeem(parameters, redirectUri, checks, provider)
  return { response, tokens: createTokens(response, requestedAt) }
}

interface Redeemed {
  readonly response: TokenEndpointResponse & TokenEndpointResponseHelpers
  readonly tokens: Tokens
}

/**
 * A new session id, so that one an attacker had planted before does not become that of the user.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.7 RFC 9700 §4.7}
 */
async function startSession(
  context: Context,
  req: Request,
  claims: Readonly<Record<string, unknown>>,
  tokens: Tokens,
): Promise<void> {
  const { tokenStore, sessionLifetime } = context
  // Nobody will sign out of the session before, and its refresh token would live on.
  await endTokens(context, req.session.signIn)
  await regenerateSession(req)

  const signedInAt = tokens.requested_at
  const expiresAt = signedInAt + sessionLifetime
  const id = randomUUID()
  await tokenStore.add(id, tokens, expiresAt)
  req.session.signIn = { id, claims, signedInAt, expiresAt }
  try {
    // Before the redirect: the browser is faster than many a store.
    await saveSession(req)
  } catch (error) {
    // express-session tries again with the answer, and must not sign in whom that tells of a failure.
    delete req.session.signIn
    // They expire, if this fails too.
    await tokenStore.take(id).catch(() => undefined)
    throw error
  }
}

/** What fails is logged: the user is told of the sign-in. */
async function revoke({ provider, log }: Context, refresh_token: string): Promise<void> {
  try {
    await revokeRefreshToken(provider, { refresh_token })
  } catch (error) {
    const reason = describeCause(error).replace(/\p{Cc}+/gu, ' ')
    log(`a sign-in failed, and its refresh token is not revoked: ${reason}`)
  }
}

const unknownAttempt = {
  status: 400,
  title: 'This sign-in cannot be completed',
  message:
    'It was started more than 15 minutes ago, or in another browser, or it has been completed before.',
  action: { text: 'Start again', href: '/' },
}
