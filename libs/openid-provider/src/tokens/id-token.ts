import { hash } from 'node:crypto'

import type { Provider } from '../configuration.ts'
import type { AuthorizedGrant, UserAuthorization } from '../grants/grant.ts'
import { claimsOfScope, selectUserClaims } from './user-claims.ts'

/** What an ID Token is issued with: nothing, when it is all that was asked for. */
export interface IssuedTogether {
  readonly access_token?: string
  readonly code?: string
}

/**
 * Signs an ID Token: what the client is told of the user, and of the login.
 *
 * @param together what is issued in the same response; the hashes tie it to the ID Token
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#IDToken OIDC Core §2}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#HybridIDToken OIDC Core §3.3.2.11}
 */
export async function signIdToken(
  grant: AuthorizedGrant,
  authorization: UserAuthorization,
  together: IssuedTogether,
  provider: Provider,
): Promise<string> {
  const { client } = grant
  const { access_token, code } = together
  const { login, nonce } = authorization
  const { keys, options } = provider
  const iat = Math.floor(provider.now() / 1000)
  const key = keys.signingKey(options.identityTokenSigningAlgorithm)
  return key.sign('JWT', {
    ...userClaims(grant, authorization, together),
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
    ...(access_token !== undefined && { at_hash: createTokenHash(access_token, key.alg) }),
    ...(code !== undefined && { c_hash: createTokenHash(code, key.alg) }),
  })
}

/**
 * Claims for the ID Token: asked for one by one, or all of them, when the client is registered so or gets
 * no access token to ask for them with.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims OIDC Core §5.4}
 */
function userClaims(
  { client, scope, resources }: AuthorizedGrant,
  { user, claims }: UserAuthorization,
  { access_token, code }: IssuedTogether,
): Record<string, unknown> {
  const isAlone = access_token === undefined && code === undefined
  const byScope =
    isAlone || client.alwaysIncludeUserClaimsInIdToken ? claimsOfScope(scope, resources) : []
  const allowed = claimsOfScope(client.allowedScopes, resources)
  const asked = Object.keys(claims?.id_token ?? {}).filter((name) => allowed.has(name))
  return selectUserClaims(user, [...byScope, ...asked])
}

/**
 * The left half of the hash of a token or code, by the hash function of the algorithm that signs.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken OIDC Core §3.1.3.6}
 */
export function createTokenHash(token: string, alg: string): string {
  const digest = hash(`sha${alg.slice(-3)}`, token, 'buffer')
  return digest.subarray(0, digest.length / 2).toString('base64url')
}
