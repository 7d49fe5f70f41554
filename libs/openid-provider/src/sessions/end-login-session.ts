import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { LoginSession } from './login-session.ts'
import { findClients, getSessionClients, sessionClientType } from './session-clients.ts'

/**
 * Forgets what depended on a login session that has ended, and tells the clients that can be told over
 * the back channel.
 *
 * @returns the clients that knew of the session
 */
export async function endLoginSession(
  { sub, sid }: Pick<LoginSession, 'sub' | 'sid'>,
  provider: Provider,
): Promise<readonly RegisteredClient[]> {
  const { store, backChannelLogout, events } = provider
  const known = await getSessionClients(sid, store)
  // First of all, so that whatever happens to this process they are told.
  const queued = await backChannelLogout.queue(known)
  await store.removeAll({ type: sessionClientType, session_id: sid })
  await store.removeAll({ type: 'authorization_code', session_id: sid })
  events.raise('userSignedOut', { sub, sid })
  await backChannelLogout.send(queued)
  return findClients(
    known.map(({ client_id }) => client_id),
    provider,
  )
}
