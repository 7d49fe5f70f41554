import { OAuthError } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { hashHandle, type Issued } from '../stores/handles.ts'
import type { Store, StoredRecord } from '../stores/store.ts'
import type { CodeBinding } from './granted-access.ts'
import { type RevocableHandles, revokeGrantBecause } from './revoke-grant.ts'

/** What this needs of a client. */
type Owner = Pick<RegisteredClient, 'clientId' | 'accessTokenLifetime'>
/** What this needs of the provider. */
type Stored = Pick<Provider, 'store' | 'now' | 'events'>

/** A code or refresh token that a client comes with. */
export interface Presented<T extends object> {
  readonly handles: RevocableHandles<T>
  readonly handle: string
  /** The parameter that it came in. */
  readonly name: 'code' | 'refresh_token'
  readonly client: Owner
  /** For a code: what is wrong with the rest of the request. */
  readonly findMisfit?: (binding: CodeBinding) => string | undefined
}

/** What is left of a code or refresh token that was used: whose it was, and what it was a part of. */
interface SpentHandle extends StoredRecord {
  readonly grant_id: string
  readonly expires: number
  readonly data: Pick<Presented<object>, 'name'> & { readonly binding?: CodeBinding }
}

/** What is to be known of it when it comes again. */
interface Trace {
  /** When what came of it may live, and a second use is recognised: milliseconds since the epoch. */
  readonly until: number
  readonly binding?: CodeBinding
}

/**
 * Reads what a client comes with, before it is spent.
 *
 * @throws {OAuthError} `invalid_grant` for what is unknown or another client's, and for what was used
 *   before, which ends the grant
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 RFC 6749 §5.2}
 */
export async function requireUnspent<T extends object>(
  presented: Presented<T>,
  provider: Stored,
): Promise<Issued<T>> {
  const { handles, handle, name, client } = presented
  const issued = await handles.get(handle)
  if (issued === undefined) {
    await revokeIfSpent(presented, provider)
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
 * @throws {OAuthError} `invalid_grant` for every use but the first
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2 RFC 6749 §4.1.2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.14.2 RFC 9700 §4.14.2}
 */
export async function spend<T extends object>(
  presented: Presented<T>,
  issued: Issued<T>,
  trace: Trace,
  provider: Stored,
): Promise<void> {
  const { handles, handle, name } = presented
  // In one step, so that whoever finds it gone finds out why.
  if (await handles.supersede(handle, createSpentHandle(name, issued, trace, provider))) return
  await revokeIfSpent(presented, provider)
  throw new OAuthError('invalid_grant', 'what was granted was used or revoked at the same time')
}

/** What is left, under its key, of a handle that was spent. */
function createSpentHandle(
  name: SpentHandle['data']['name'],
  { client_id, subject, grant_id = '' }: Issued<object>,
  { until, binding }: Trace,
  { now }: Stored,
): Omit<SpentHandle, 'key'> {
  return {
    type: 'spent_handle',
    client_id,
    subject,
    grant_id,
    created: now(),
    expires: until,
    data: { name, ...(binding && { binding }) },
  }
}

/** What is left of a handle that was used, until its grant is revoked or nothing that came of it lives any more. */
export async function findSpentHandle(
  handle: string,
  store: Store,
): Promise<SpentHandle | undefined> {
  return (await store.get('spent_handle', hashHandle(handle))) as SpentHandle | undefined
}

/**
 * Ends the grant behind a handle that is used a second time: one of the two who had it is a thief, and
 * nobody can tell which. Only when it could have been used the first time: another client, or whoever has found
 * a code but not what it is bound to, could otherwise end what is not theirs, also by sending the code as a
 * refresh token, which is bound to nothing.
 */
async function revokeIfSpent<T extends object>(
  { handle, name, client, findMisfit }: Presented<T>,
  provider: Stored,
): Promise<void> {
  const spent = await findSpentHandle(handle, provider.store)
  if (spent === undefined || spent.client_id !== client.clientId) return
  const { grant_id, expires: lastExpiry, data } = spent
  const { binding } = data
  if (data.name !== name) return
  if (binding !== undefined && findMisfit?.(binding) !== undefined) return
  await revokeGrantBecause('replayed', { grant_id, lastExpiry, client }, provider)
}
