import type { Provider } from '../configuration.ts'
import { type Handles, hashHandle, type Issued } from '../stores/handles.ts'
import type { Store } from '../stores/store.ts'

/** Longer than a sensible access token lives. Milliseconds. */
const remembered = 30 * 24 * 60 * 60 * 1000

/**
 * Ends everything that one authorization led to: codes, refresh tokens and reference tokens are gone;
 * JWTs are remembered as revoked, for whoever asks here.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.14.2 RFC 9700 §4.14.2}
 */
export async function revokeGrant(
  grant_id: string,
  { store, now }: Pick<Provider, 'store' | 'now'>,
): Promise<void> {
  const created = now()
  const key = hashHandle(grant_id)
  await store.store({
    type: 'revoked_grant',
    key,
    created,
    expires: created + remembered,
    data: {},
  })
  await store.removeAll({ grant_id })
}

/** Whether {@link revokeGrant} has ended it. */
export async function isRevoked(grant_id: string, store: Store): Promise<boolean> {
  return (await store.get('revoked_grant', hashHandle(grant_id))) !== undefined
}

/** Handles that end with their grant, also those that were being issued while it was revoked. */
export function revocable<T extends object>(handles: Handles<T>, store: Store): Handles<T> {
  async function unlessRevoked(issued: Issued<T> | undefined): Promise<Issued<T> | undefined> {
    if (issued?.grant_id === undefined) return issued
    return (await isRevoked(issued.grant_id, store)) ? undefined : issued
  }

  return {
    ...handles,
    get: async (handle) => unlessRevoked(await handles.get(handle)),
    take: async (handle) => unlessRevoked(await handles.take(handle)),
  }
}
