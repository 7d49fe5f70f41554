/** A user, and the login that made them known: what tokens say about it. */
export interface AuthenticatedUser {
  readonly sub: string
  /** The login session. */
  readonly sid: string
  /** Seconds since the epoch. */
  readonly auth_time: number
  readonly amr: readonly string[]
  readonly idp: string
}
