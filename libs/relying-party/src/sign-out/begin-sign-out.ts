import { setTimeout as sleep } from 'node:timers/promises'

import type { Request, Response } from 'express'
import { buildEndSessionUrl, randomState } from 'openid-client'

import type { Context } from '../context.ts'
import { isDeliberate } from '../fetch-metadata.ts'
import { localPath } from '../local-path.ts'
import { ProblemError } from '../problems/problem.ts'
import { endSession } from './end-session.ts'

/** Milliseconds that the user waits until the tokens are discarded. */
const patience = 1000

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

  const ended = await endSession(context, req, res)
  // A token service that hangs keeps nobody here: what it has not done by then goes on behind the answer.
  await Promise.race([ended?.discarded, sleep(patience, undefined, { ref: false })])
  const provider = await context.provider()
  if (provider.serverMetadata().end_session_endpoint === undefined) return res.redirect('/')

  const state = randomState()
  await context.signOuts.keep(req, res, state, true)
  const url = buildEndSessionUrl(provider, {
    // Without a session there is no hint, and the provider asks the user.
    ...(ended !== undefined && { id_token_hint: ended.tokens.id_token }),
    post_logout_redirect_uri: context.postLogoutRedirectUri,
    state,
  })
  res.redirect(url.href)
}

function confirmation(req: Request) {
  return {
    status: 403,
    title: 'Do you want to sign out?',
    message: 'Another site sent you here to sign out.',
    action: { text: 'Sign out', href: localPath(req.originalUrl) },
  }
}
