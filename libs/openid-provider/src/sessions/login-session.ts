import type { AuthenticatedUser } from '../model/authenticated-user.ts'

/** A user signed in with one browser. */
export interface LoginSession {
  /** The user. */
  readonly sub: string
  /** The session, as clients know it; the cookie holds something else. */
  readonly sid: string
  /** When the user last proved who they are. Milliseconds since the epoch. */
  readonly authTime: number
  /** How (RFC 8176). */
  readonly amr: readonly string[]
  /** Where; `local` is here. */
  readonly idp: string
  /** Milliseconds since the epoch. */
  readonly expires: number
  /** Whether it outlives the browser. */
  readonly remember: boolean
  /** What the user knows the browser by, such as `Firefox on Linux`. */
  readonly browser?: string
}

/** The login as tokens tell of it. */
export function describeLogin({ sub, sid, authTime, amr, idp }: LoginSession): AuthenticatedUser {
  return { sub, sid, auth_time: Math.floor(authTime / 1000), amr, idp }
}
