import type { Request, Response } from 'express'

import type { Context } from '../context.ts'
import { destroySession } from '../sessions/session-steps.ts'
import { type EndedTokens, endTokens } from './end-tokens.ts'

/**
 * Ends the session of the browser that asks with its tokens, and takes its cookie back.
 *
 * @returns Its tokens, or undefined when nobody was signed in.
 */
export async function endSession(
  context: Context,
  req: Request,
  res: Response,
): Promise<EndedTokens | undefined> {
  const ended = await endTokens(context, req.session.signIn)
  await destroySession(req)
  res.clearCookie(context.cookieName, context.cookie)
  return ended
}
