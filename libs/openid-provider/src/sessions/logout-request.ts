import type { IdTokenHint } from '../tokens/read-id-token-hint.ts'
import type { LoginSession } from './login-session.ts'

/** What a client asked for when it sent the user to sign out, until the pages are done with it. */
export interface LogoutRequest {
  readonly clientId: string | undefined
  /** Of the ID Token that the client was given, and handed back. */
  readonly hint?: IdTokenHint
  /** Registered, with `state`. */
  readonly postLogoutRedirectUri?: string
}

/** Milliseconds. */
export const logoutTime = 60 * 60 * 1000

/**
 * Whether an ID Token shows that its client may end this session: one of another session, or user,
 * shows nothing. Asked of the session that is there when it is to end, since the request is a link
 * that anyone can be made to follow later.
 *
 * @see {@link https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout RP-Initiated Logout §2}
 */
export function isOfSession(hint: IdTokenHint | undefined, { sid, sub }: LoginSession): boolean {
  if (hint === undefined) return false
  return hint.sid === undefined ? hint.sub === sub : hint.sid === sid
}
