import { OAuthError } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { type Handles, hashHandle, type Issued } from '../stores/handles.ts'
import type { Store, StoredRecord } from '../stores/store.ts'

/** For tokens that a registration let live longer which has been changed since. Milliseconds. */
const margin = 30 * 24 * 60 * 60 * 1000

/** What a grant has led to, as far as is known. */
interface EndedGrant {
  readonly grant_id: string
  /** Of what is stored of it: milliseconds since the epoch. JWTs of it, issued up to then, are not counted yet. */
  readonly lastExpiry?: number | undefined
  /** Undefined for one that is no longer registered. */
  readonly client: Pick<RegisteredClient, 'accessTokenLifetime'> | undefined
}

/**
 * Ends everything that one authorization led to: codes, refresh tokens and reference tokens are gone;
 * JWTs are remembered as revoked, for whoever asks here.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.14.2 RFC 9700 §4.14.2}
 */
export async function revokeGrant(
  { grant_id, lastExpiry = 0, client }: EndedGrant,
  { store, now }: Pick<Provider, 'store' | 'now'>,
): Promise<void> {
  const created = now()
  const ofAccessTokens = (client?.accessTokenLifetime ?? 0) * 1000
  const expires = Math.max(created, lastExpiry) + ofAccessTokens + margin
  const key = hashHandle(grant_id)
  await rememberLonger({ type: 'revoked_grant', key, created, expires, data: {} }, store)
  await store.removeAll({ grant_id })
}

/**
 * Stores a record, unless there is one that lasts longer. Of two that do so at once, when there was none, one
 * finds the other's; two that both prolong one, which takes a third revocation before them, may keep the shorter.
 */
async function rememberLonger(
  record: StoredRecord & { readonly expires: number },
  store: Store,
): Promise<void> {
  if (await store.add(record)) return
  const known = await store.get(record.type, record.key)
  if (known !== undefined && (known.expires ?? Infinity) >= record.expires) return
  await store.store(record)
}

/** Why a grant can end without anybody having asked for it, as the host is told. */
const reasons = {
  replayed: 'a code or refresh token was replayed',
  signedOut: 'the user signed out while it was issued',
  consentEnded: 'the consent to it was taken back or ended while it was issued',
} as const

/** As {@link revokeGrant}, where neither the user nor the client has asked for it: the host is told why. */
export async function revokeGrantBecause(
  reason: keyof typeof reasons,
  grant: EndedGrant,
  provider: Pick<Provider, 'store' | 'now' | 'events'>,
): Promise<void> {
  await revokeGrant(grant, provider)
  const { grant_id } = grant
  provider.events.raise('grantRevoked', { grant_id, reason: reasons[reason] })
}

/** Whether {@link revokeGrant} has ended it. */
export async function isRevoked(grant_id: string, store: Store): Promise<boolean> {
  return (await store.get('revoked_grant', hashHandle(grant_id))) !== undefined
}

/**
 * Ends what was issued of a grant while {@link revokeGrant} ended it, and so may have come too late to be removed.
 *
 * @throws {OAuthError} `invalid_grant` when the grant was revoked
 */
export async function requireUnrevoked(
  grant_id: string,
  { store }: Pick<Provider, 'store'>,
): Promise<void> {
  if (!(await isRevoked(grant_id, store))) return
  await store.removeAll({ grant_id })
  throw new OAuthError('invalid_grant', 'what was granted was revoked at the same time')
}

/** Handles that end with their grant. One that is good for one use is spent by `spend` alone. */
export type RevocableHandles<T extends object> = Omit<Handles<T>, 'take'>

/** Handles that are unknown from the moment on at which their grant is revoked, whether they are removed yet or not. */
export function revocable<T extends object>(
  handles: Handles<T>,
  store: Store,
): RevocableHandles<T> {
  async function unlessRevoked(issued: Issued<T> | undefined): Promise<Issued<T> | undefined> {
    if (issued?.grant_id === undefined) return issued
    return (await isRevoked(issued.grant_id, store)) ? undefined : issued
  }

  const { take: _, ...others } = handles
  return { ...others, get: async (handle) => unlessRevoked(await handles.get(handle)) }
}
