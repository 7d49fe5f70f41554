import type { Provider } from '../configuration.ts'
import { hashHandle } from '../stores/handles.ts'

/** Longer than any access token that could still be about. Milliseconds. */
const remembered = 30 * 24 * 60 * 60 * 1000

/**
 * Ends everything that one authorization led to: codes, refresh tokens and reference tokens are gone;
 * JWTs are remembered as revoked, for whoever asks here.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.14.2 RFC 9700 §4.14.2}
 */
export async function revokeGrant(grant_id: string, { store, now }: Provider): Promise<void> {
  await store.removeAll({ grant_id })
  await store.store({
    type: 'revoked_grant',
    key: hashHandle(grant_id),
    created: now(),
    expires: now() + remembered,
    data: {},
  })
}

/** Whether {@link revokeGrant} has ended it. */
export async function isRevoked(grant_id: string, { store }: Provider): Promise<boolean> {
  return (await store.get('revoked_grant', hashHandle(grant_id))) !== undefined
}
