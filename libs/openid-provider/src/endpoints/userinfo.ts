import { BearerError, readBearerToken } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { ProtocolRequest } from '../protocol-endpoint.ts'
import { ProtocolResponse } from '../protocol-response.ts'
import { type AccessTokenClaims, readOwners } from '../tokens/access-token.ts'
import { readAccessToken } from '../tokens/read-access-token.ts'
import { findTokenParties } from '../tokens/token-parties.ts'
import { claimsOfScope, selectUserClaims } from '../tokens/user-claims.ts'

/**
 * What a client with an access token of a user may know about that user.
 *
 * @throws {BearerError} `invalid_token`, also when the client or the user is gone; `insufficient_scope` without
 *   `openid`; `invalid_request` for a token in two places.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#UserInfo OIDC Core §5.3}
 */
export async function userinfoEndpoint(
  request: ProtocolRequest,
  provider: Provider,
): Promise<object> {
  const token = readToken(request)
  if (token === undefined) return ProtocolResponse.tokenNeeded(provider.issuer)
  const claims = await readAccessToken(token, provider)
  if (claims === undefined)
    throw new BearerError('invalid_token', 'the access token is unknown, revoked or expired')
  request.logLine.client_id = claims.client_id
  const scope = claims.scope.split(' ')
  if (!scope.includes('openid'))
    throw new BearerError('insufficient_scope', 'the access token lacks openid', {
      scope: 'openid',
    })

  const { client, user } = (await findTokenParties(readOwners(claims), provider)) ?? {}
  if (client === undefined || user === undefined)
    throw new BearerError('invalid_token', 'its client is gone, or its user can no longer sign in')
  const names = await releasedClaims(scope, claims, client, provider)
  return { ...selectUserClaims(user, names), sub: user.sub }
}

/** In the header or in the body; in the query it would end up in logs (RFC 6750 §2). */
function readToken({ authorization, parameters }: ProtocolRequest): string | undefined {
  const inHeader = readBearerToken(authorization)
  const inBody = parameters.access_token
  if (inHeader !== undefined && inBody !== undefined)
    throw new BearerError('invalid_request', 'the access token is both in the header and the body')
  return inHeader ?? inBody
}

async function releasedClaims(
  scope: readonly string[],
  { userinfo_claims }: AccessTokenClaims,
  { allowedScopes }: RegisteredClient,
  { resources }: Provider,
): Promise<Iterable<string>> {
  const byScope = claimsOfScope(scope, await resources.findResourcesByScope(scope))
  if (!Array.isArray(userinfo_claims)) return byScope
  const allowed = claimsOfScope(allowedScopes, await resources.findResourcesByScope(allowedScopes))
  return [...byScope, ...userinfo_claims.filter((name) => allowed.has(name))]
}
