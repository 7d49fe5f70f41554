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
  remove(id: string): Promise<void>
}
