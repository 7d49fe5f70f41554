import type { Tokens } from '../tokens/tokens.ts'

/** The end of a login at the provider, as a logout token tells of it. */
export interface Logout {
  /** Names the logout token. */
  readonly jti: string
  /** The user. Alone: all of the user's sessions end. One of `sub` and `sid` there always is. */
  readonly sub?: string
  /** The session at the provider: with `sub`, both have to be those of the session here. */
  readonly sid?: string
  /** Seconds since the epoch. */
  readonly iat: number
  /** Seconds since the epoch. */
  readonly exp: number
}

/** The login at the provider that an ID Token comes from. */
export interface Login {
  readonly sub: string
  readonly sid?: string
  /** When the user proved who they are, in seconds since the epoch. Not every provider says. */
  readonly auth_time?: number
  /** When the ID Token was issued, in seconds since the epoch. */
  readonly iat: number
}

/** A session that has ended, with the tokens that nobody needs any more. */
export interface EndedSession {
  readonly id: string
  readonly tokens: Tokens
}

/** Ends sessions by what the provider knows of them: its user and its session. */
export interface SessionEndings {
  /**
   * Ends all sessions of a login, in one atomic step and for all processes, and remembers the logout token
   * until it has expired for everyone. When this rejects, nothing has ended and the token is not used up.
   *
   * @returns The sessions, or undefined when the logout token was used before: then nothing ends.
   */
  endSessions(logout: Logout): Promise<readonly EndedSession[] | undefined>
  /**
   * Whether a logout has come that ends this login: one of its `sid`, or one of all of the user's sessions
   * that was issued when the user had signed in already. Where the provider does not say when that was, the
   * ID Token's time of issue has to do.
   *
   * A session is asked about once it is stored: a logout that came before that is found here, and one that
   * comes later finds the session.
   */
  isLoggedOut(login: Login): Promise<boolean>
}
