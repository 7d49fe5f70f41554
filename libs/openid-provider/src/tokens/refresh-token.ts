import type { Provider } from '../configuration.ts'
import type { AuthorizedGrant, UserAuthorization } from '../grants/grant.ts'
import { refreshTokenExpiry } from '../grants/refresh-token-expiry.ts'

/**
 * Issues a refresh token, or gives back the one that stays, when the client may come without the user.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-1.5 RFC 6749 §1.5}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#OfflineAccess OIDC Core §11}
 */
export async function issueRefreshToken(
  { client }: AuthorizedGrant,
  { grant_id, login, claims, offline }: UserAuthorization,
  { refreshTokens, now }: Provider,
): Promise<string | undefined> {
  if (offline === undefined || offline.refresh_token !== undefined) return offline?.refresh_token
  const { scope, since, resource, description } = offline
  return refreshTokens.issue(
    {
      scope,
      since,
      login,
      ...(resource !== undefined && { resource }),
      ...(description !== undefined && { description }),
      ...(claims !== undefined && { claims }),
    },
    {
      client_id: client.clientId,
      subject: login.sub,
      session_id: login.sid,
      grant_id,
      expires: refreshTokenExpiry(client, since, now()),
    },
  )
}
