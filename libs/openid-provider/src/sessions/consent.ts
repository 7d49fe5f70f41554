import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { hashHandle } from '../stores/handles.ts'

/** What a user has allowed a client for good, or for as long as the client's `consentLifetime`. */
export interface UserConsent {
  readonly scope: readonly string[]
  readonly description?: string
}

export const userConsentType = 'user_consent'

/**
 * Whether the user need not be asked again. Access without the user is asked for each time.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#OfflineAccess OIDC Core §11}
 */
export async function isConsentRemembered(
  client: RegisteredClient,
  sub: string,
  scope: readonly string[],
  { store }: Provider,
): Promise<boolean> {
  if (!client.allowRememberConsent || scope.includes('offline_access')) return false
  const record = await store.get(userConsentType, keyOf(client.clientId, sub))
  const consent = record?.data as UserConsent | undefined
  return consent !== undefined && scope.every((name) => consent.scope.includes(name))
}

export async function rememberConsent(
  client: RegisteredClient,
  sub: string,
  consent: UserConsent,
  { store, now }: Provider,
): Promise<void> {
  const { clientId, consentLifetime } = client
  const created = now()
  await store.store({
    type: userConsentType,
    key: keyOf(clientId, sub),
    client_id: clientId,
    subject: sub,
    created,
    expires: consentLifetime === undefined ? undefined : created + consentLifetime * 1000,
    data: consent,
  })
}

export async function forgetConsent(
  { clientId }: RegisteredClient,
  sub: string,
  { store }: Provider,
): Promise<void> {
  await store.remove(userConsentType, keyOf(clientId, sub))
}

function keyOf(clientId: string, sub: string): string {
  return hashHandle(JSON.stringify([clientId, sub]))
}
