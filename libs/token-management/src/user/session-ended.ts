import { localPath, ProblemError } from '@basics/relying-party'
import type { Request } from 'express'

import { TokenRequestError } from '../token-request-error.ts'
import { UnverifiedAnswer } from './unusable-answer.ts'

/** Nothing but a new sign-in can bring tokens for this session. */
export class SessionEnded extends Error {
  override readonly name = 'SessionEnded'
}

/** There is no refresh token, so no token can be had beyond those of the sign-in. */
export class NoRefreshToken extends Error {
  override readonly name = 'NoRefreshToken'
  override readonly message = 'the session has no refresh token'
}

/** Another request, maybe of a process that died, has had the claim on the session for too long. */
export class SessionBusy extends Error {
  override readonly name = 'SessionBusy'
  override readonly message = 'another request is still at work on the tokens of the session'
}

/** New tokens came, and the store did not take them. */
export class TokensNotKept extends Error {
  override readonly name = 'TokensNotKept'
}

/**
 * What it means for the user that there is no token, as a page that `login.problems` shows. Any other
 * error stays what it is.
 */
export function createProblem(error: unknown, req: Request): unknown {
  if (error instanceof SessionEnded) {
    const href = req.method === 'GET' ? localPath(req.originalUrl) : '/'
    return new ProblemError({ ...sessionEnded, action: { text: 'Sign in again', href } }, error)
  }
  if (error instanceof NoRefreshToken) return new ProblemError(noRefreshToken, error)
  if (error instanceof SessionBusy) return new ProblemError(busy, error)
  if (error instanceof TokensNotKept) return new ProblemError(notKept, error)
  if (error instanceof UnverifiedAnswer) return createUnverifiedProblem(error)
  if (!(error instanceof TokenRequestError)) return error
  return new ProblemError(
    error.isTransient ? unavailable : { ...refused, detail: error.error ?? error.message },
    error,
  )
}

/** During the pause every request meets the same error, which is logged once as long as it is one problem. */
function createUnverifiedProblem(error: UnverifiedAnswer): ProblemError {
  const known = unverifiedProblems.get(error)
  const problem = known ?? new ProblemError({ ...unverified, detail: error.message }, error)
  unverifiedProblems.set(error, problem)
  return problem
}

const unverifiedProblems = new WeakMap<UnverifiedAnswer, ProblemError>()

const action = { text: 'Home', href: '/' }

const sessionEnded = {
  status: 403,
  title: 'Your session has ended',
  message: 'The token service no longer lets this application go on for you.',
}

const noRefreshToken = {
  status: 403,
  title: 'There is no refresh token',
  message: 'You did not allow this application to go on without you.',
  action,
}

const busy = {
  status: 503,
  title: 'Your session is being renewed',
  message: 'Another request is at it, and has not finished yet. Try again in a moment.',
  action,
}

const notKept = {
  status: 503,
  title: 'Your session could not be saved',
  message: 'There was a new access token, and it is lost. You may have to sign in again.',
  action,
}

const unavailable = {
  status: 503,
  title: 'The token service cannot be reached',
  message: 'This needs a new access token, and there is none to be had. Try again in a moment.',
  action,
}

const unverified = {
  status: 503,
  title: 'The answer of the token service cannot be verified',
  message: 'This application may not have its newest keys yet. Try again in a moment.',
  action,
}

const refused = {
  status: 502,
  title: 'The token service refused',
  message: 'It did not give this application the access token that it asked for.',
  action,
}
