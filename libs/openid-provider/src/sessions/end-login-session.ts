import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { LoginSession } from './login-session.ts'
import { findClients, findSessionClients } from './session-clients.ts'

/**
 * Forgets what depended on a login session that has ended.
 *
 * @returns the clients that knew of it
 */
export async function endLoginSession(
  { sub, sid }: LoginSession,
  provider: Provider,
): Promise<readonly RegisteredClient[]> {
  const { store, events } = provider
  const clients = await findClients(await findSessionClients(sid, provider), provider)
  await store.removeAll({ type: 'session_client', session_id: sid })
  await store.removeAll({ type: 'authorization_code', session_id: sid })
  events.raise('userSignedOut', { sub, sid })
  return clients
}
