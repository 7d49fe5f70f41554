import {
  type Configuration,
  fetchUserInfo,
  type IDToken,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
} from 'openid-client'

/** They speak of the token, not of the user. */
const protocolClaims = new Set([
  'iss',
  'aud',
  'azp',
  'exp',
  'iat',
  'nbf',
  'jti',
  'nonce',
  'at_hash',
  'c_hash',
  's_hash',
])

/**
 * Who signed in: the claims of the ID Token and, when the provider has one, of its UserInfo endpoint, which
 * must be about the same `sub`. Where they differ the ID Token counts, for it was issued for this sign-in.
 *
 * @throws the errors of openid-client.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse OIDC Core §5.3.2}
 */
export async function readUserClaims(
  provider: Configuration,
  response: TokenEndpointResponse & TokenEndpointResponseHelpers,
): Promise<Readonly<Record<string, unknown>>> {
  // That there is an ID Token openid-client has checked.
  const idToken = response.claims() as IDToken
  const userInfo =
    provider.serverMetadata().userinfo_endpoint === undefined
      ? {}
      : await fetchUserInfo(provider, response.access_token, idToken.sub)
  const claims = Object.entries({ ...userInfo, ...idToken })
  return Object.fromEntries(claims.filter(([name]) => !protocolClaims.has(name)))
}
