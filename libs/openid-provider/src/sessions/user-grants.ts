import type { Provider } from '../configuration.ts'
import { revokeGrant } from '../grants/revoke-grant.ts'
import type { RefreshToken } from '../grants/user-grant.ts'
import type { StoredRecord } from '../stores/store.ts'
import type { ReferenceToken } from '../tokens/reference-token.ts'
import type { UserConsent } from './consent.ts'
import type { UserGrant } from './interaction.ts'

/** The records that mean that a client may do something for the user. */
const types = ['user_consent', 'refresh_token', 'reference_token']

/** What a user has granted, one entry a client. */
export async function findUserGrants(sub: string, provider: Provider): Promise<UserGrant[]> {
  const records = await provider.store.getAll({ type: types, subject: sub })
  const byClient = Map.groupBy(records, ({ client_id }) => client_id ?? '')
  return Promise.all([...byClient].map(([id, ofClient]) => describeGrant(id, ofClient, provider)))
}

/** Takes back all that a user has granted a client. */
export async function revokeUserGrants(
  sub: string,
  clientId: string,
  provider: Provider,
): Promise<void> {
  const { store, events } = provider
  const filter = { subject: sub, client_id: clientId }
  const all = [...types, 'authorization_code']
  const records = await store.getAll({ ...filter, type: all })
  const grantIds = new Set(records.flatMap(({ grant_id }) => grant_id ?? []))
  for (const grant_id of grantIds) await revokeGrant(grant_id, provider)
  await store.removeAll({ ...filter, type: all })
  events.raise('grantsRevoked', { client_id: clientId, sub })
}

async function describeGrant(
  clientId: string,
  records: readonly StoredRecord[],
  { clients, resources }: Provider,
): Promise<UserGrant> {
  const client = await clients.findClientById(clientId)
  const scope = [...new Set(records.flatMap(scopeOf))]
  const { identityResources, apiScopes } = await resources.findResourcesByScope(scope)
  const expiries = records.map(({ expires }) => expires)
  return {
    clientId,
    clientName: client?.clientName,
    clientUri: client?.clientUri,
    logoUri: client?.logoUri,
    description: records.map(({ data }) => data as UserConsent).find(hasDescription)?.description,
    created: Math.min(...records.map(({ created }) => created)),
    expires: expiries.includes(undefined)
      ? undefined
      : Math.max(...expiries.filter((each) => each !== undefined)),
    identityResources,
    apiScopes,
    offlineAccess: records.some(({ type }) => type === 'refresh_token'),
  }
}

function hasDescription({ description }: UserConsent): boolean {
  return description !== undefined
}

function scopeOf({ type, data }: StoredRecord): readonly string[] {
  if (type === 'reference_token') return (data as ReferenceToken).claims.scope.split(' ')
  return (data as UserConsent | RefreshToken).scope
}
