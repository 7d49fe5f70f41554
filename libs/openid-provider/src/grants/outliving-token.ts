import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { hashHandle } from '../stores/handles.ts'
import type { Ownership } from '../stores/store.ts'

export const outlivingTokenType = 'outliving_token'

/**
 * Remembers that an access token is being issued which may outlive all that is stored of its grant, so that the
 * grant is still found when the user takes it back. One record a grant, and none for an access token that is a
 * record itself, or that does not say of which grant it is.
 */
export async function rememberOutlivingToken(
  { subject, grant_id = '' }: Pick<Ownership, 'subject' | 'grant_id'>,
  client: RegisteredClient,
  { store, now }: Provider,
): Promise<void> {
  if (client.accessTokenType !== 'jwt' || !client.includeJwtId) return
  const created = now()
  await store.store({
    type: outlivingTokenType,
    key: hashHandle(grant_id),
    client_id: client.clientId,
    subject,
    grant_id,
    created,
    expires: created + client.accessTokenLifetime * 1000,
    data: {},
  })
}

/**
 * Whether an access token may outlive the refresh token that it came of: not where the code that was spent is
 * remembered long enough, or the access tokens end before the refresh token does.
 */
export function canOutliveRefreshToken({
  accessTokenLifetime,
  slidingRefreshTokenLifetime,
  absoluteRefreshTokenLifetime,
}: RegisteredClient): boolean {
  const isProlongedForever = absoluteRefreshTokenLifetime === 0
  return isProlongedForever && accessTokenLifetime > slidingRefreshTokenLifetime
}
