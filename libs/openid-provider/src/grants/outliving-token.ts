import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { hashHandle, type Issued } from '../stores/handles.ts'

export const outlivingTokenType = 'outliving_token'

/**
 * Remembers that an access token has just been issued which may outlive the refresh token that it came of, so that
 * its grant is still found when the user takes that back. One record a grant, and none where the code that was
 * spent is remembered long enough, or the access tokens end before the refresh token does or are records themselves.
 */
export async function rememberOutlivingToken(
  { client_id, subject, grant_id = '' }: Issued<object>,
  client: RegisteredClient,
  { store, now }: Provider,
): Promise<void> {
  if (!canOutlive(client)) return
  const created = now()
  await store.store({
    type: outlivingTokenType,
    key: hashHandle(grant_id),
    client_id,
    subject,
    grant_id,
    created,
    expires: created + client.accessTokenLifetime * 1000,
    data: {},
  })
}

function canOutlive({
  accessTokenType,
  includeJwtId,
  accessTokenLifetime,
  slidingRefreshTokenLifetime,
  absoluteRefreshTokenLifetime,
}: RegisteredClient): boolean {
  const isProlongedForever = absoluteRefreshTokenLifetime === 0
  const canBeEnded = accessTokenType === 'jwt' && includeJwtId
  return canBeEnded && isProlongedForever && accessTokenLifetime > slidingRefreshTokenLifetime
}
