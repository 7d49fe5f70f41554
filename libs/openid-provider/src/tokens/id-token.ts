import { hash } from 'node:crypto'

import type { Provider } from '../configuration.ts'
import type { AuthorizedGrant, UserAuthorization } from '../grants/grant.ts'
import { claimsOfScope, selectUserClaims } from './user-claims.ts'

/**
 * Signs an ID Token: what the client is told of the user, and of the login.
 *
 * @param access_token issued together with it
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#IDToken OIDC Core §2}
 */
export async function signIdToken(
  grant: AuthorizedGrant,
  authorization: UserAuthorization,
  access_token: string,
  provider: Provider,
): Promise<string> {
  const { client } = grant
  const { login, nonce } = authorization
  const { keys, options } = provider
  const iat = Math.floor(provider.now() / 1000)
  const key = keys.signingKey(options.identityTokenSigningAlgorithm)
  return key.sign('JWT', {
    ...userClaims(grant, authorization),
    iss: provider.issuer,
    aud: client.clientId,
    nbf: iat,
    iat,
    exp: iat + client.identityTokenLifetime,
    sub: login.sub,
    auth_time: login.auth_time,
    idp: login.idp,
    amr: login.amr,
    sid: login.sid,
    ...(nonce !== undefined && { nonce }),
    at_hash: createTokenHash(access_token, key.alg),
  })
}

/** Claims for the ID Token: asked for one by one, or all of them for a client that is registered so. */
function userClaims(
  { client, scope, resources }: AuthorizedGrant,
  { user, claims }: UserAuthorization,
): Record<string, unknown> {
  const byScope = client.alwaysIncludeUserClaimsInIdToken ? claimsOfScope(scope, resources) : []
  const allowed = claimsOfScope(client.allowedScopes, resources)
  const asked = Object.keys(claims?.id_token ?? {}).filter((name) => allowed.has(name))
  return selectUserClaims(user, [...byScope, ...asked])
}

/**
 * The left half of the hash of a token, by the hash function of the algorithm that signs.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken OIDC Core §3.1.3.6}
 */
export function createTokenHash(token: string, alg: string): string {
  const digest = hash(`sha${alg.slice(-3)}`, token, 'buffer')
  return digest.subarray(0, digest.length / 2).toString('base64url')
}
