import { ClientError } from 'openid-client'

import { TokenRequestError } from '../token-request-error.ts'

/** An answer came and fails its checks. Asking again at once brings but another like it. */
export class UnusableAnswer extends TokenRequestError {
  override get isTransient(): boolean {
    return false
  }
}

/** Whether it is what came that failed, and not the way to it or the request that was refused. */
export function isUnusable(error: unknown): boolean {
  if (error instanceof ClientError)
    return !(error.cause instanceof Response) && !unanswered.has(error.code ?? '')
  // The network fails with a TypeError too, one that has a cause.
  return error instanceof TypeError && error.cause === undefined
}

const unanswered = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT'])
