import { ClientError } from 'openid-client'

/** The ID Token of a refresh is about another user, or forged: the session cannot go on. */
export class ForeignAnswer extends Error {
  override readonly name = 'ForeignAnswer'
}

/**
 * Whether an ID Token is not what the issuer says to this client: its signature or a claim such as `iss` or
 * `aud` is wrong. One that has expired, or whose key is not to be had, may well be.
 */
export function isForged(error: unknown): boolean {
  if (!(error instanceof ClientError)) return false
  return error.code === 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' || isSignatureWrong(error.cause)
}

/** It has no code of its own, but what was verified is attached. */
function isSignatureWrong(error: unknown): boolean {
  const verified = error instanceof Error ? error.cause : undefined
  return typeof verified === 'object' && verified !== null && 'signature' in verified
}
