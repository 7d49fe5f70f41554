import type { Request, Response } from 'express'

import type { Context } from '../context.ts'
import { ProblemError } from '../problems/problem.ts'

/**
 * The provider sends the browser back after a sign-out that this app has begun.
 *
 * @see {@link https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RedirectionAfterLogout RP-Initiated Logout §3}
 */
export async function completeSignOut(
  context: Context,
  req: Request,
  res: Response,
): Promise<void> {
  const state = typeof req.query.state === 'string' ? req.query.state : ''
  if ((await context.signOuts.take(req, res, state)) === undefined)
    throw new ProblemError(unknownSignOut)
  res.redirect('/')
}

const unknownSignOut = {
  status: 400,
  title: 'This sign-out was not started here',
  message: 'It was started more than 15 minutes ago, or in another browser.',
  action: { text: 'Home', href: '/' },
}
