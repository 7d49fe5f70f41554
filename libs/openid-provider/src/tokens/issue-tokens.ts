import type { TokenResponse } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import type { AuthorizedGrant, UserAuthorization } from '../grants/grant.ts'
import { requireUnrevoked } from '../grants/revoke-grant.ts'
import { createAccessToken } from './access-token.ts'
import { signIdToken } from './id-token.ts'
import { isJwt } from './read-access-token.ts'
import { issueReferenceToken } from './reference-token.ts'
import { issueRefreshToken } from './refresh-token.ts'
import { signAccessToken } from './sign-access-token.ts'
import { tryToRemove } from './try-to-remove.ts'

/**
 * Turns what was granted into tokens, without knowing which grant it was.
 *
 * @throws {OAuthError} `invalid_grant` when the grant was revoked meanwhile
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1 RFC 6749 §5.1}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#TokenResponse OIDC Core §3.1.3.3}
 */
export async function issueTokens(
  grant: AuthorizedGrant,
  provider: Provider,
): Promise<TokenResponse> {
  const access_token = await issueAccessToken(grant, provider)
  const { client, scope, authorization } = grant
  return {
    ...(authorization && (await issueUserTokens(grant, authorization, access_token, provider))),
    access_token,
    expires_in: client.accessTokenLifetime,
    token_type: 'Bearer',
    scope: scope.join(' '),
  }
}

/** Issues the access token alone, in the form that the client is registered for. */
export async function issueAccessToken(
  grant: AuthorizedGrant,
  provider: Provider,
): Promise<string> {
  const claims = createAccessToken(grant, provider)
  return grant.client.accessTokenType === 'reference'
    ? issueReferenceToken(claims, grant.authorization?.grant_id, provider)
    : signAccessToken(claims, grant.apis, provider)
}

async function issueUserTokens(
  grant: AuthorizedGrant,
  authorization: UserAuthorization,
  access_token: string,
  provider: Provider,
): Promise<Pick<TokenResponse, 'id_token' | 'refresh_token'>> {
  let refresh_token: string | undefined
  try {
    const id_token = grant.scope.includes('openid')
      ? await signIdToken(grant, authorization, { access_token }, provider)
      : undefined
    refresh_token = await issueRefreshToken(grant, authorization, provider)
    await concludeUnrevoked(authorization, provider)
    return {
      ...(id_token !== undefined && { id_token }),
      ...(refresh_token !== undefined && { refresh_token }),
    }
  } catch (error) {
    const isNew = refresh_token !== authorization.offline?.refresh_token
    await removeUnanswered(access_token, isNew ? refresh_token : undefined, provider)
    throw error
  }
}

async function concludeUnrevoked(
  { grant_id, conclude }: UserAuthorization,
  provider: Provider,
): Promise<void> {
  try {
    await conclude?.()
  } finally {
    // Last, when all that there is to be ended is there.
    await requireUnrevoked(grant_id, provider)
  }
}

/** Tokens that nobody gets: each goes, whatever becomes of the other. */
async function removeUnanswered(
  access_token: string,
  refresh_token: string | undefined,
  { referenceTokens, refreshTokens, logger }: Provider,
): Promise<void> {
  if (!isJwt(access_token)) await tryToRemove(() => referenceTokens.remove(access_token), logger)
  if (refresh_token !== undefined)
    await tryToRemove(() => refreshTokens.remove(refresh_token), logger)
}
