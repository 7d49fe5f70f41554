import type { Provider } from '../configuration.ts'
import type { LoginSession } from './login-session.ts'

/** Forgets what depended on a login session that has ended. */
export async function endLoginSession(
  { sub, sid }: LoginSession,
  { store, events }: Provider,
): Promise<void> {
  await store.removeAll({ type: 'session_client', session_id: sid })
  await store.removeAll({ type: 'authorization_code', session_id: sid })
  events.raise('userSignedOut', { sub, sid })
}
