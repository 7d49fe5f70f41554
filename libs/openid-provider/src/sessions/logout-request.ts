import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { IdTokenHint } from '../tokens/read-id-token-hint.ts'
import { isToldByBrowser, keepFrontChannelLogout } from './front-channel-logout.ts'
import type { LoginSession } from './login-session.ts'

/** What a client asked for when it sent the user to sign out, until the pages are done with it. */
export interface LogoutRequest {
  readonly clientId: string | undefined
  /** Of the ID Token that the client was given, and handed back. */
  readonly hint?: IdTokenHint
  /** Registered, with `state`. */
  readonly postLogoutRedirectUri?: string
  /** The ids of the clients that knew of the session; absent until the user is signed out. */
  readonly sessionClients?: readonly string[]
}

/** Milliseconds. */
export const logoutTime = 60 * 60 * 1000

/**
 * Keeps what signing out has led to for the page that confirms it, together with the way back, if a
 * client asked for it.
 *
 * @param clients that knew of the session
 * @returns the `logoutId` for that page: a new one, which nobody knows but this browser. Whoever
 *   prepared the request knows the old one.
 */
export async function keepLogout(
  logoutId: string | undefined,
  { sid }: LoginSession,
  clients: readonly RegisteredClient[],
  provider: Provider,
): Promise<string> {
  const { logoutRequests, now } = provider
  const { clientId, postLogoutRedirectUri } = (await logoutRequests.get(logoutId ?? '')) ?? {}
  const sessionClients = clients.map((client) => client.clientId)
  const id = await logoutRequests.issue(
    {
      clientId,
      sessionClients,
      ...(postLogoutRedirectUri !== undefined && { postLogoutRedirectUri }),
    },
    { expires: now() + logoutTime },
  )
  const clientIds = clients.filter(isToldByBrowser).map((client) => client.clientId)
  if (clientIds.length > 0) await keepFrontChannelLogout(id, { sid, clientIds }, provider)
  return id
}

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
