import { ClientError } from 'openid-client'

import { TokenRequestError } from '../token-request-error.ts'

/**
 * An answer came and fails its checks. Asking again does not help: the refresh token may have been spent on
 * it, and one that is sent twice can cost the user the session.
 */
export class UnusableAnswer extends TokenRequestError {
  override get isTransient(): boolean {
    return false
  }
}

/** Whether it is what came that failed, and not the way to it or the request that was refused. */
export function isUnusable(error: unknown): error is Error {
  if (error instanceof ClientError)
    return !(error.cause instanceof Response) && !unanswered.has(error.code ?? '')
  // The network fails with a TypeError too, one that has a cause.
  return error instanceof TypeError && error.cause === undefined
}

const unanswered = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT'])
