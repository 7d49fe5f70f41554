import { BearerError, bearerChallenge } from '@basics/protocol'
import type { Response } from 'express'

import { IssuerUnavailable } from './issuer-unavailable.ts'
import type { Settings } from './settings.ts'

export interface RefusalOptions {
  /** Named in challenges. By default the audience or, without one, the issuer. */
  readonly realm?: string
}

/** Seconds after which to try again after an error that nobody foresaw. */
const retryAfter = 30

/**
 * Refuses a request: without an error because it brought no token, or for the error given. Only what a
 * {@link BearerError} says is shown; the rest is between the API, its operator and the issuer.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1 RFC 6750 §3.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.4 RFC 9110 §15.6.4}
 */
export function refusal(
  options: RefusalOptions,
  { audience, issuer, report, now }: Settings,
): (res: Response, error?: unknown) => void {
  const { realm = audience ?? issuer } = options

  function challenge(res: Response, status: number, refused?: BearerError): void {
    const error_description = refused?.message
    const { error, scope } = refused ?? {}
    const value = bearerChallenge({ realm, error, error_description, scope })
    res.status(status).set('WWW-Authenticate', value).end()
  }

  function retryLater(res: Response, error: IssuerUnavailable): void {
    report(error)
    const seconds = Math.max(1, Math.ceil(error.retryAt - now()))
    res.status(503).set('Retry-After', String(seconds)).end()
  }

  return (res, error) => {
    if (error === undefined) challenge(res, 401)
    else if (error instanceof BearerError) challenge(res, error.status, error)
    else if (error instanceof IssuerUnavailable) retryLater(res, error)
    else retryLater(res, new IssuerUnavailable('Cannot check a token', now() + retryAfter, error))
  }
}
