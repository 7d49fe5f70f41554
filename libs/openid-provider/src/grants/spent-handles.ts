import { OAuthError } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { hashHandle, type Issued } from '../stores/handles.ts'
import type { Store, StoredRecord } from '../stores/store.ts'
import { type RevocableHandles, revokeGrantBecause } from './revoke-grant.ts'

/** What this needs of a client. */
type Owner = Pick<RegisteredClient, 'clientId' | 'accessTokenLifetime'>
/** What this needs of the provider. */
type Stored = Pick<Provider, 'store' | 'now' | 'events'>

/** What is left of a code or refresh token that was used: whose it was, and what it was a part of. */
interface SpentHandle extends StoredRecord {
  readonly grant_id: string
  readonly expires: number
}

/**
 * Reads what a client comes with, before it is spent.
 *
 * @param name of the parameter, for the error
 * @throws {OAuthError} `invalid_grant` for what is unknown or another client's, and for what was used
 *   before, which ends the grant
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 RFC 6749 §5.2}
 */
export async function requireUnspent<T extends object>(
  handles: RevocableHandles<T>,
  handle: string,
  name: string,
  client: Owner,
  provider: Stored,
): Promise<Issued<T>> {
  const issued = await handles.get(handle)
  if (issued === undefined) {
    await revokeIfSpent(handle, client, provider)
    throw new OAuthError('invalid_grant', `${name} is unknown, used, revoked or expired`)
  }
  if (issued.client_id !== client.clientId)
    throw new OAuthError('invalid_grant', `${name} was issued to another client`)
  return issued
}

/**
 * Spends a code or a one-time refresh token: of several that have read it, one may go on, and every other
 * ends the grant.
 *
 * @param until when what came of it may live, and a second use is recognised: milliseconds since the epoch
 * @throws {OAuthError} `invalid_grant` for every use but the first
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2 RFC 6749 §4.1.2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.14.2 RFC 9700 §4.14.2}
 */
export async function spend<T extends object>(
  handles: RevocableHandles<T>,
  handle: string,
  issued: Issued<T>,
  until: number,
  client: Owner,
  provider: Stored,
): Promise<void> {
  // In one step, so that whoever finds it gone finds out why.
  if (await handles.supersede(handle, createSpentHandle(issued, until, provider))) return
  await revokeIfSpent(handle, client, provider)
  throw new OAuthError('invalid_grant', 'what was granted was used or revoked at the same time')
}

/** What is left, under its key, of a handle that was spent. */
function createSpentHandle(
  { client_id, subject, grant_id }: Issued<object>,
  expires: number,
  { now }: Stored,
): Omit<StoredRecord, 'key'> {
  return {
    type: 'spent_handle',
    client_id,
    subject,
    grant_id,
    created: now(),
    expires,
    data: {},
  }
}

/** What is left of a handle that was used, until its grant ends. */
export async function findSpentHandle(
  handle: string,
  store: Store,
): Promise<SpentHandle | undefined> {
  return (await store.get('spent_handle', hashHandle(handle))) as SpentHandle | undefined
}

/**
 * Ends the grant behind a handle that is used a second time: one of the two who had it is a thief, and
 * nobody can tell which. Not for another client than the one it was issued to, or any could end what is not its own.
 */
async function revokeIfSpent(handle: string, client: Owner, provider: Stored): Promise<void> {
  const spent = await findSpentHandle(handle, provider.store)
  if (spent === undefined || spent.client_id !== client.clientId) return
  await revokeGrantBecause('replayed', spent.grant_id, spent.expires, client, provider)
}
