import type { Request, Response } from 'express'
import { decodeJwt } from 'jose'

import type { Context } from '../context.ts'
import { ProblemError } from '../problems/problem.ts'
import { endSession } from './end-session.ts'

/**
 * Ends the session that was just stored, if the user was logged out at the provider while the code was
 * redeemed: that logout came too early to find it. One that comes from now on does find it.
 *
 * @throws {ProblemError} when the session has ended.
 */
export async function requireOngoingLogin(
  context: Context,
  req: Request,
  res: Response,
  id_token: string,
): Promise<void> {
  // Validated just now.
  const { sub = '', sid, iat = 0, auth_time } = decodeJwt(id_token)
  const login = {
    ...{ sub, iat },
    ...(typeof sid === 'string' && { sid }),
    ...(typeof auth_time === 'number' && { auth_time }),
  }
  if (!(await context.sessionStorage.isLoggedOut(login))) return
  await endSession(context, req, res)
  throw new ProblemError(loggedOut)
}

const loggedOut = {
  status: 403,
  title: 'You are signed out',
  message: 'You signed out at the token service before this sign-in was complete.',
  action: { text: 'Start again', href: '/' },
}
