import type { AuthenticatedUser } from '../model/authenticated-user.ts'
import type { Store, StoredRecord } from '../stores/store.ts'

export const loginSessionType = 'login_session'

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
  /** What scripts of this service know of it: random, told to nobody else. See browser-state.ts. */
  readonly browserState: string
}

/** The login as tokens tell of it. */
export function describeLogin({ sub, sid, authTime, amr, idp }: LoginSession): AuthenticatedUser {
  return { sub, sid, auth_time: Math.floor(authTime / 1000), amr, idp }
}

/** The records of a session: one, or more after sign-ins at the same time; none when it has ended. */
export async function getLoginSessions(sid: string, store: Store): Promise<StoredRecord[]> {
  return store.getAll({ type: loginSessionType, session_id: sid })
}

/** Whether somebody is still signed in by this session. */
export async function isLive(sid: string, store: Store): Promise<boolean> {
  return (await getLoginSessions(sid, store)).length > 0
}

/** Ends a session for every browser that has it, and answers whether there was still something to end. */
export async function removeLoginSession(sid: string, store: Store): Promise<boolean> {
  let isRemoved = false
  // Until none is left: a sign-in at the same time may put another in the place of the one that was found.
  for (;;) {
    const records = await getLoginSessions(sid, store)
    if (records.length === 0) return isRemoved
    for (const { type, key } of records)
      if ((await store.take(type, key)) !== undefined) isRemoved = true
  }
}
