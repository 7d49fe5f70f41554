import type { NextFunction, Request, RequestHandler, Response } from 'express'

import { describeCause, ProviderUnavailable } from '../provider/provider-unavailable.ts'
import type { Settings } from '../settings.ts'
import { type Problem, ProblemError, SignInFailed } from './problem.ts'
import { readProblem } from './read-problem.ts'

export type AnswerProblem = (
  error: unknown,
  req: Request,
  res: Response,
  next: NextFunction,
) => Promise<void>

/** Seconds after which to try again, when back-off does not say. */
const retryAfter = 1

/** Answers errors of signing in and out with a page, and passes all others on. */
export function answerProblem(
  { renderProblem, log, now }: Settings,
  isSignedIn: (req: Request) => boolean,
): AnswerProblem {
  const logged = new WeakSet<object>()

  return async (error, req, res, next) => {
    const problem = await readProblem(error)
    const reason = error instanceof SignInFailed ? error.cause : error
    if (problem === undefined || res.headersSent) return next(reason)

    // During back-off every request meets the same error.
    if (!logged.has(Object(reason))) log(createSentence(problem, reason))
    logged.add(Object(reason))

    if (problem.status === 503) {
      const left = reason instanceof ProviderUnavailable ? reason.retryAt - now() : retryAfter
      res.set('Retry-After', String(Math.max(1, Math.ceil(left))))
    }
    res.status(problem.status).send(renderProblem(problem, { signedIn: isSignedIn(req) }))
  }
}

/**
 * The handler, with its errors answered as far as they are problems. The address it is called at may hold an
 * authorization code: the response is neither kept nor lets the browser tell its address to anyone.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.2.4 RFC 9700 §4.2.4}
 */
export function answering(
  answer: AnswerProblem,
  handler: (req: Request, res: Response) => Promise<void>,
): RequestHandler {
  return async (req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' })
    try {
      await handler(req, res)
    } catch (error) {
      await answer(error, req, res, next)
    }
  }
}

/** Text from another machine must not steer the terminal it is printed on. */
function createSentence({ title, detail }: Problem, reason: unknown): string {
  if (reason instanceof ProblemError) return [title, detail].filter(Boolean).join(': ')
  const known = reason instanceof ProviderUnavailable ? reason.message : detail
  return `${title}: ${known ?? describeCause(reason)}`.replace(/\p{Cc}+/gu, ' ')
}
