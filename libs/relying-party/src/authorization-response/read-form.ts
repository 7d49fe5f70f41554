import { promisify } from 'node:util'

import { type Request, type Response, text } from 'express'

import { ProblemError } from '../problems/problem.ts'
import { untrusted } from '../problems/read-problem.ts'

/** An ID Token with many claims is a few thousand characters long. */
const maximumLength = '64kb'

const parse = promisify(text({ type: 'application/x-www-form-urlencoded', limit: maximumLength }))

/**
 * The fields of the form in the body, with all values of those that were sent more than once, or none when
 * it is no such form. The query does not count.
 *
 * @throws {ProblemError} with the status of a body that cannot be read: 413 when it is too long.
 * @throws {Error} a sentence, when the app has read the body before.
 */
export async function readForm(req: Request, res: Response): Promise<URLSearchParams> {
  if (req.method !== 'POST') return new URLSearchParams()
  if (req.body !== undefined)
    throw new Error('the form was read already: app.use(login.routes) comes before body parsers')
  try {
    await parse(req, res)
  } catch (error) {
    throw readBodyError(error)
  }
  return new URLSearchParams(typeof req.body === 'string' ? req.body : '')
}

/** Express says in `status` what is wrong with a body. */
function readBodyError(error: unknown): unknown {
  if (!(error instanceof Error && 'status' in error)) return error
  return new ProblemError({ ...untrusted, status: Number(error.status), detail: error.message })
}
