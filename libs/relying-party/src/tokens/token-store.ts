import type { Tokens } from './tokens.ts'

export interface TokenRecord {
  /** Counts the changes, from 1. */
  readonly version: number
  readonly tokens: Tokens
}

/**
 * The tokens of each signed-in session, by the session's `id`. A record of its own and not part of the
 * session, because express-session writes a session back whole: a slow request would put back the refresh
 * token it found when it began, after a faster one had replaced it.
 */
export interface TokenStore {
  /** @param expires When the record is no longer needed, in seconds since the epoch. */
  add(id: string, tokens: Tokens, expires: number): Promise<void>
  get(id: string): Promise<TokenRecord | undefined>
  /**
   * Replaces the tokens if their version is still the expected one, in one atomic step.
   *
   * @returns Whether it did: false when another request was faster, or the session has ended.
   */
  replace(id: string, expectedVersion: number, tokens: Tokens): Promise<boolean>
  /** Reads and removes the record, in one atomic step. */
  take(id: string): Promise<TokenRecord | undefined>
  /**
   * Claims the sole right to refresh the session's tokens, in one atomic step: a refresh token that can be
   * used once must not be sent twice, whichever process shares the store. A claim that nobody releases,
   * because its process died, ends by itself.
   *
   * @param claimant A name that nobody else uses.
   * @param lifetime Seconds.
   * @returns Whether it is theirs: false while it is another's.
   */
  claim(id: string, claimant: string, lifetime: number): Promise<boolean>
  /** Gives the right back, if it is still theirs. */
  release(id: string, claimant: string): Promise<void>
}
