import type { Provider } from '../configuration.ts'
import { hashHandle, type Issued } from '../stores/handles.ts'
import type { StoredRecord } from '../stores/store.ts'
import { isRevoked, type RevocableHandles, revokeGrant } from './revoke-grant.ts'

/** What this needs of the provider. */
type Stored = Pick<Provider, 'store' | 'now' | 'events'>

/**
 * Takes a code or a one-time refresh token: of several that come with it, at once or later, one gets
 * what it stands for, and every other ends the grant.
 *
 * @param remembered for how long after its expiry a second use is still recognised; milliseconds
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2 RFC 6749 §4.1.2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.14.2 RFC 9700 §4.14.2}
 */
export async function takeOnce<T extends object>(
  handles: RevocableHandles<T>,
  handle: string,
  remembered: number,
  provider: Stored,
): Promise<Issued<T> | undefined> {
  const issued = await handles.get(handle)
  // In one step, so that whoever finds it gone finds out why.
  const spent = issued && createSpentHandle(issued, remembered, provider)
  if (spent !== undefined && (await handles.supersede(handle, spent))) return issued
  await revokeIfSpent(handle, provider)
  return undefined
}

/** What is left, under its key, of a handle that was taken. */
function createSpentHandle(
  { grant_id, expires }: Issued<object>,
  remembered: number,
  { now }: Stored,
): Omit<StoredRecord, 'key'> {
  return {
    type: 'spent_handle',
    created: now(),
    expires: expires === undefined ? undefined : expires + remembered,
    data: { grant_id },
  }
}

/**
 * Ends the grant behind a handle that is used a second time: one of the two who had it is a thief, and
 * nobody can tell which.
 */
export async function revokeIfSpent(handle: string, provider: Stored): Promise<void> {
  const { store, events } = provider
  const spent = await store.get('spent_handle', hashHandle(handle))
  const { grant_id } = (spent?.data ?? {}) as { grant_id?: string }
  if (grant_id === undefined || (await isRevoked(grant_id, store))) return
  await revokeGrant(grant_id, provider)
  events.raise('grantRevoked', { grant_id, reason: 'a code or refresh token was replayed' })
}
