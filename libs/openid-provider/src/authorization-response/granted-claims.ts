import type { AuthorizationRequest } from '../authorization-request/authorization-request.ts'
import type { ClaimsRequest } from '../authorization-request/claims.ts'
import { claimsOfScope } from '../tokens/user-claims.ts'

/**
 * Of the claims asked for one by one, those that were granted. A consent page names scopes: where there
 * was one, no claim goes out but through a scope that the user left ticked. Where there was none, the
 * client's registration says what it gets.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ClaimsParameter OIDC Core §5.5}
 */
export function selectGrantedClaims(
  { client, prompt, claims, resources }: AuthorizationRequest,
  scope: readonly string[],
): ClaimsRequest | undefined {
  const isConsented = client.requireConsent || prompt.has('consent')
  if (claims === undefined || !isConsented) return claims
  const allowed = claimsOfScope(scope, resources)
  const select = <T>(asked: Readonly<Record<string, T>> = {}) =>
    Object.fromEntries(Object.entries(asked).filter(([name]) => allowed.has(name)))
  return { userinfo: select(claims.userinfo), id_token: select(claims.id_token) }
}
