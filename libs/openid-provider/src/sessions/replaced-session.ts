import type { Provider } from '../configuration.ts'
import { hashHandle } from '../stores/handles.ts'
import type { LoginSession } from './login-session.ts'

/** Which session it is, and whose. */
export type SessionIdentity = Pick<LoginSession, 'sub' | 'sid'>

type Stored = Pick<Provider, 'store' | 'now'>

const type = 'replaced_session'

/** Milliseconds: what was sent with the old cookie is under way. */
const keptTime = 60 * 1000

/**
 * Remembers which session a cookie was of when a sign-in replaces it, so that another sign-in that was
 * sent at the same time, such as by a double click, can go on with that session too. For nothing else:
 * the old cookie opens nothing any more.
 */
export async function rememberReplaced(
  handle: string,
  { sub, sid }: SessionIdentity,
  { store, now }: Stored,
): Promise<void> {
  const created = now()
  const expires = created + keptTime
  await store.store({ type, key: hashHandle(handle), created, expires, data: { sub, sid } })
}

export async function findReplaced(
  handle: string,
  { store }: Stored,
): Promise<SessionIdentity | undefined> {
  return (await store.get(type, hashHandle(handle)))?.data as SessionIdentity | undefined
}
