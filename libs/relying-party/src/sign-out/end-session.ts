import type { Request, Response } from 'express'

import type { Context } from '../context.ts'
import type { EndedSession } from '../sessions/session-endings.ts'
import { destroySession } from '../sessions/session-steps.ts'

/**
 * Ends the session of the browser that asks, and takes its cookie back.
 *
 * @returns The session with its tokens, or undefined when nobody was signed in.
 */
export async function endSession(
  { tokenStore, cookieName, cookie }: Context,
  req: Request,
  res: Response,
): Promise<EndedSession | undefined> {
  const { signIn } = req.session
  const record = signIn && (await tokenStore.take(signIn.id))
  await destroySession(req)
  res.clearCookie(cookieName, cookie)
  return signIn && record && { id: signIn.id, tokens: record.tokens }
}
