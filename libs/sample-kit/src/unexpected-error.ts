import { STATUS_CODES } from 'node:http'

import type { ErrorRequestHandler } from 'express'

/**
 * The last middleware: an error nobody expected becomes a bare status in plain text. The stack goes to
 * stderr and never into the response. An error of the request itself (a body too long, a path that
 * does not decode) carries a 4xx status of its own, which stands.
 */
export const unexpectedError: ErrorRequestHandler = (error, req, res, next) => {
  const status = readStatus(error)
  // The path without its query, the stack without the error's other properties: codes, tokens and
  // request bodies are in those.
  if (status === 500) console.error(`${req.method} ${req.path} failed:`, readStack(error))
  if (res.headersSent) return next(error)
  res
    .status(status)
    .type('text/plain')
    .send(STATUS_CODES[status] ?? 'Error')
}

/** Only errors made for the caller: those of an upstream server have a `status` too, which is not ours. */
function readStatus(error: unknown): number {
  const { status, expose } = (error ?? {}) as { status?: unknown; expose?: unknown }
  const isForCaller = expose === true || error instanceof URIError
  return isForCaller && Number(status) >= 400 && Number(status) < 500 ? Number(status) : 500
}

/** With what it came of: that a store did not answer says little without what kept it from it. */
function readStack(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const stack = error.stack ?? error.message
  return error.cause === undefined ? stack : `${stack}\ncaused by ${readStack(error.cause)}`
}
