import type { Request, Response } from 'express'
import {
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'

import type { Context } from '../context.ts'
import { localPath } from '../local-path.ts'
import { ProblemError } from '../problems/problem.ts'

/** What has to be known again when the authorization response comes. */
export interface SignInAttempt {
  readonly nonce: string
  readonly code_verifier: string
  /** The path first asked for. */
  readonly returnTo: string
}

/**
 * Sends the browser to the provider, to come back to the page it asked for. State, nonce and PKCE are made
 * for this attempt alone, so that its answer is of no use elsewhere.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest OIDC Core §3.1.2.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636.html#section-4.3 RFC 7636 §4.3}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-2.1.1 RFC 9700 §2.1.1}
 */
export async function beginSignIn(context: Context, req: Request, res: Response): Promise<void> {
  requireSecureConnection(context, req)
  const provider = await context.provider()
  const state = randomState()
  const nonce = randomNonce()
  const code_verifier = randomPKCECodeVerifier()

  const url = await context.authorizationRequest(
    {
      ...context.authorizationResponse.parameters,
      redirect_uri: context.redirectUri,
      scope: context.scope,
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(code_verifier),
      code_challenge_method: 'S256',
    },
    provider,
  )

  const returnTo = localPath(req.originalUrl)
  await context.signIns.keep(req, res, state, { nonce, code_verifier, returnTo })
  res.redirect(url.href)
}

/** Without this the browser would be sent in circles: it gets no Secure cookie on a connection that is not. */
function requireSecureConnection({ cookie }: Context, req: Request): void {
  if (!cookie.secure || req.secure) return
  throw new ProblemError({
    status: 500,
    title: 'This application is not set up correctly',
    message: 'Its address is https, but requests reach it as http.',
    detail: "behind a TLS proxy, app.set('trust proxy', …) must count the proxies",
    action: { text: 'Home', href: '/' },
  })
}
