import { type Resources, selectResources } from '../model/resources.ts'
import type { User } from '../model/user.ts'

/**
 * Claims that say something about the token, or that the engine decides on; no user and no
 * client has any of them.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7519.html#section-4.1 RFC 7519 §4.1}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#IDToken OIDC Core §2}
 */
export const protocolClaims: ReadonlySet<string> = new Set([
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'azp', 'client_id', 'scope', 'cnf', 'typ'],
  ...['nonce', 'at_hash', 'c_hash', 's_hash', 'auth_time', 'acr', 'amr', 'sid', 'idp', 'events'],
  'userinfo_claims',
])

/**
 * The names of the claims that scopes stand for: a client gets no others by asking for them singly.
 *
 * @param resources among which those of the scope are
 */
export function claimsOfScope(scope: readonly string[], resources: Resources): ReadonlySet<string> {
  const { identityResources } = selectResources(scope, resources)
  return new Set(identityResources.flatMap((resource) => resource.userClaims))
}

/** Those of the user's claims that are named, as far as the user has them. */
export function selectUserClaims(
  { claims }: User,
  names: Iterable<string>,
): Record<string, unknown> {
  const selected: Record<string, unknown> = {}
  for (const name of names)
    if (!protocolClaims.has(name) && Object.hasOwn(claims, name)) selected[name] = claims[name]
  return selected
}
