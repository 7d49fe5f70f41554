import { ClientError } from 'openid-client'

import { TokenRequestError } from '../token-request-error.ts'

/** An answer came and fails its checks. Asking again at once brings but another like it. */
export class UnusableAnswer extends TokenRequestError {
  override get isTransient(): boolean {
    return false
  }
}

/**
 * An answer came, and none of the provider's keys that are known has signed it. That passes: the provider may
 * have changed its keys, and openid-client asks for them again after a while.
 */
export class UnverifiedAnswer extends TokenRequestError {}

/** Whether it is what came that failed, and not the way to it or the request that was refused. */
export function isUnusable(error: unknown): boolean {
  if (error instanceof ClientError)
    return !(error.cause instanceof Response) && !unanswered.has(error.code ?? '')
  // The network fails with a TypeError too, one that has a cause.
  return error instanceof TypeError && error.cause === undefined
}

const unanswered = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT'])

/** Whether there is no key for the signature of what came, or only one that it is not of. */
export function isUnverified(error: unknown): boolean {
  if (!(error instanceof ClientError)) return false
  return error.code === 'OAUTH_KEY_SELECTION_FAILED' || isSignatureWrong(error.cause)
}

/** It has no code of its own, but what was verified is attached. */
function isSignatureWrong(error: unknown): boolean {
  const verified = error instanceof Error ? error.cause : undefined
  return typeof verified === 'object' && verified !== null && 'signature' in verified
}
