import { randomBytes } from 'node:crypto'

import type { Store, StoredRecord } from '@basics/openid-provider'

import { user } from '../registrations.ts'

/** How many are stored at once; with SQLite they share a transaction. */
const batchSize = 200

/** Live grants: a reference token each, of a user, a session and a grant of its own. */
export async function addGrants(store: Store, count: number): Promise<void> {
  await addCopies(store, count, (place) => ({
    subject: createId(place),
    session_id: createId(place),
    grant_id: createId(place),
  }))
}

/** Reference tokens beside the one that is there: of the same user, session and grant. */
export async function addSessionTokens(store: Store, count: number): Promise<void> {
  await addCopies(store, count, () => ({}))
}

/** Copies of the user's last reference token, as the token service itself has stored it. */
async function addCopies(
  store: Store,
  count: number,
  createOwners: (place: number) => Partial<StoredRecord>,
): Promise<void> {
  const token = (await store.getAll({ type: 'reference_token', subject: user.sub })).at(-1)
  if (token === undefined) throw new Error('there is no token to copy')
  for (let start = 0; start < count; start += batchSize)
    await Promise.all(
      Array.from({ length: Math.min(count - start, batchSize) }, (_, index) => {
        const place = (start + index) / count
        return store.store({ ...token, ...createOwners(place), key: createId(place) })
      }),
    )
}

/**
 * As long as those of the token service, and in the end as evenly spread: where a new one comes is among
 * those that are there. But neighbours come one after the other, so that SQLite does not have to fetch
 * other pages of each index for each of a million.
 *
 * @param place from 0 to 1, not included
 */
function createId(place: number): string {
  const bytes = randomBytes(32)
  bytes.writeUIntBE(Math.floor(place * 2 ** 48), 0, 6)
  return bytes.toString('base64url')
}
