import type { Provider } from '../configuration.ts'
import { hashHandle } from '../stores/handles.ts'
import { revokeGrant } from './revoke-grant.ts'

/**
 * Remembers that a code or a one-time refresh token was used, and for which grant.
 *
 * @param expires until when; milliseconds since the epoch
 */
export async function rememberSpent(
  handle: string,
  grant_id: string,
  expires: number | undefined,
  { store, now }: Provider,
): Promise<void> {
  const key = hashHandle(handle)
  await store.store({ type: 'spent_handle', key, created: now(), expires, data: { grant_id } })
}

/**
 * Ends the grant behind a handle that is used a second time: one of the two who had it is a thief, and
 * nobody can tell which.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2 RFC 6749 §4.1.2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.14.2 RFC 9700 §4.14.2}
 */
export async function revokeIfSpent(handle: string, provider: Provider): Promise<void> {
  const spent = await provider.store.get('spent_handle', hashHandle(handle))
  if (spent === undefined) return
  const { grant_id } = spent.data as { grant_id: string }
  await revokeGrant(grant_id, provider)
  provider.events.raise('grantRevoked', {
    grant_id,
    reason: 'a code or refresh token was replayed',
  })
}
