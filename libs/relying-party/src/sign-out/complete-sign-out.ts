import type { Request, Response } from 'express'

import type { Context } from '../context.ts'

/**
 * The provider sends the browser back after a sign-out that this app has begun. Whoever comes without one, by
 * the Back button or by a link, changes nothing and gets the home page too.
 *
 * @see {@link https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RedirectionAfterLogout RP-Initiated Logout §3}
 */
export async function completeSignOut(
  context: Context,
  req: Request,
  res: Response,
): Promise<void> {
  const state = typeof req.query.state === 'string' ? req.query.state : ''
  await context.signOuts.take(req, res, state)
  res.redirect('/')
}
