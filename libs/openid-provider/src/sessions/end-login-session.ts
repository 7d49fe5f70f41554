import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { type LoginSession, removeLoginSession } from './login-session.ts'
import { findClients, getSessionClients } from './session-clients.ts'

/**
 * Ends a login session with what depended on it, and tells the clients that can be told over the back
 * channel. Should this process die at any step, either the session goes on or its clients are told
 * later; clients that learn of the session meanwhile are told too.
 *
 * @returns the clients that knew of the session, or undefined when it has ended already
 */
export async function endLoginSession(
  { sub, sid }: Pick<LoginSession, 'sub' | 'sid'>,
  provider: Provider,
): Promise<readonly RegisteredClient[] | undefined> {
  const { store, backChannelLogout, events } = provider
  await backChannelLogout.expectEnd(await getSessionClients(sid, store))
  if (!(await removeLoginSession(sid, store))) return undefined
  // Read again: until the session was gone a client could still learn of it.
  const known = await getSessionClients(sid, store)
  await store.removeAll({ type: 'authorization_code', session_id: sid })
  const queued = await backChannelLogout.queue(known)
  events.raise('userSignedOut', { sub, sid })
  await backChannelLogout.send(queued)
  return findClients(
    known.map(({ client_id }) => client_id),
    provider,
  )
}
