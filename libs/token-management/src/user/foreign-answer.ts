import { ClientError } from 'openid-client'

/** The ID Token of a refresh is about another user, for another client or of another issuer: the session cannot go on. */
export class ForeignAnswer extends Error {
  override readonly name = 'ForeignAnswer'
}

/**
 * Whether an ID Token says that it is of another issuer or for another client. That its signature is wrong says less:
 * the provider may have other keys by now than those that are known of it.
 */
export function isForeign(error: unknown): boolean {
  return error instanceof ClientError && error.code === 'OAUTH_JWT_CLAIM_COMPARISON_FAILED'
}
