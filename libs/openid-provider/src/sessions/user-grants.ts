import type { Provider } from '../configuration.ts'
import type { RefreshToken } from '../grants/granted-access.ts'
import { outlivingTokenType } from '../grants/outliving-token.ts'
import { revokeGrant } from '../grants/revoke-grant.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { StoredRecord } from '../stores/store.ts'
import type { ReferenceToken } from '../tokens/reference-token.ts'
import { type UserConsent, userConsentType } from './consent.ts'
import type { UserGrant } from './interaction.ts'
import { usedConsentType, waitingRequestType } from './waiting-request.ts'

/** The records that mean that a client may do something for the user. */
const types = [userConsentType, 'refresh_token', 'reference_token']

/** What the user consented to, whether it is remembered, waits to be used, or is being used. */
const consentTypes = [userConsentType, waitingRequestType, usedConsentType]

/** What a grant leaves even where its tokens are all with the client, as JWTs, or are just being issued. */
const handedOut = ['authorization_code', 'spent_handle', outlivingTokenType]

/** What a user has granted, one entry a client. */
export async function findUserGrants(sub: string, provider: Provider): Promise<UserGrant[]> {
  const records = await provider.store.getAll({ type: types, subject: sub })
  const byClient = Map.groupBy(records, ({ client_id }) => client_id ?? '')
  return Promise.all([...byClient].map(([id, ofClient]) => describeGrant(id, ofClient, provider)))
}

/**
 * Takes back all that a user has granted a client. What lives on until it expires are JWTs: those of a client with
 * `includeJwtId: false`, which do not say of which grant they are; and, at APIs that check JWTs by themselves, all.
 */
export async function revokeUserGrants(
  sub: string,
  clientId: string,
  provider: Provider,
): Promise<void> {
  const { store, events, clients } = provider
  const owners = { subject: sub, client_id: clientId }
  const client = await clients.findClientById(clientId)
  await revokeFound(owners, client, provider)
  // Only now: it keeps the client listed, to be taken back once more should the step before break off.
  await store.removeAll({ ...owners, type: consentTypes })
  // A code that was being issued by it finds it gone, or is found here.
  await revokeFound(owners, client, provider)
  events.raise('grantsRevoked', { client_id: clientId, sub })
}

/** Revokes what is stored of the user's grants: last what {@link findUserGrants} lists, for the same reason. */
async function revokeFound(
  owners: { readonly subject: string; readonly client_id: string },
  client: RegisteredClient | undefined,
  provider: Provider,
): Promise<void> {
  const records = await provider.store.getAll({ ...owners, type: [...types, ...handedOut] })
  const grants = [...Map.groupBy(records, ({ grant_id }) => grant_id)].toSorted(
    ([, one], [, other]) => Number(isListed(one)) - Number(isListed(other)),
  )
  for (const [grant_id, ofGrant] of grants)
    if (grant_id !== undefined)
      await revokeGrant({ grant_id, lastExpiry: lastExpiry(ofGrant), client }, provider)
}

function isListed(records: readonly StoredRecord[]): boolean {
  return records.some(({ type }) => types.includes(type))
}

async function describeGrant(
  clientId: string,
  records: readonly StoredRecord[],
  { clients, resources }: Provider,
): Promise<UserGrant> {
  const client = await clients.findClientById(clientId)
  const scope = [...new Set(records.flatMap(scopeOf))]
  const { identityResources, apiScopes } = await resources.findResourcesByScope(scope)
  return {
    clientId,
    clientName: client?.clientName,
    clientUri: client?.clientUri,
    logoUri: client?.logoUri,
    description: records.map(({ data }) => data as UserConsent).find(hasDescription)?.description,
    created: Math.min(...records.map(({ created }) => created)),
    expires: lastExpiry(records),
    identityResources,
    apiScopes,
    offlineAccess: records.some(({ type }) => type === 'refresh_token'),
  }
}

/** Undefined when one of them does not expire. */
function lastExpiry(records: readonly StoredRecord[]): number | undefined {
  let last = 0
  for (const { expires } of records) {
    if (expires === undefined) return undefined
    last = Math.max(last, expires)
  }
  return last
}

function hasDescription({ description }: UserConsent): boolean {
  return description !== undefined
}

function scopeOf({ type, data }: StoredRecord): readonly string[] {
  if (type === 'reference_token') return (data as ReferenceToken).claims.scope.split(' ')
  return (data as UserConsent | RefreshToken).scope
}
