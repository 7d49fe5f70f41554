import type { Request, Response } from 'express'
import { buildEndSessionUrl, randomState } from 'openid-client'

import type { Context } from '../context.ts'
import { isDeliberate } from '../fetch-metadata.ts'
import { localPath } from '../local-path.ts'
import { ProblemError } from '../problems/problem.ts'
import { destroySession } from '../sessions/session-steps.ts'
import { tellSignOutListeners } from './tell-sign-out-listeners.ts'

/**
 * Signs the user out here, then at the provider, which sends the browser back to `/signout-callback-oidc`.
 *
 * A link signs out, as people expect, and a link is a GET, which any site can cause. The damage is small, a
 * new sign-in, but it is not theirs to do: a request that comes from another site gets a page to confirm on.
 *
 * @see {@link https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout RP-Initiated Logout §2}
 */
export async function beginSignOut(context: Context, req: Request, res: Response): Promise<void> {
  if (!isDeliberate(req)) throw new ProblemError(confirmation(req))

  const id_token_hint = await endSession(context, req, res)
  const provider = await context.provider()
  if (provider.serverMetadata().end_session_endpoint === undefined) return res.redirect('/')

  const state = randomState()
  await context.signOuts.keep(req, res, state, true)
  const url = buildEndSessionUrl(provider, {
    // Without a session there is no hint, and the provider asks the user.
    ...(id_token_hint !== undefined && { id_token_hint }),
    post_logout_redirect_uri: context.postLogoutRedirectUri,
    state,
  })
  res.redirect(url.href)
}

/** @returns The session's ID Token. */
async function endSession(
  context: Context,
  req: Request,
  res: Response,
): Promise<string | undefined> {
  const { tokenStore, cookieName, cookie } = context
  const { signIn } = req.session
  const record = signIn && (await tokenStore.take(signIn.id))
  await destroySession(req)
  res.clearCookie(cookieName, cookie)
  if (signIn === undefined || record === undefined) return undefined
  await tellSignOutListeners(context, signIn.id, record.tokens)
  return record.tokens.id_token
}

function confirmation(req: Request) {
  return {
    status: 403,
    title: 'Do you want to sign out?',
    message: 'Another site sent you here to sign out.',
    action: { text: 'Sign out', href: localPath(req.originalUrl) },
  }
}
