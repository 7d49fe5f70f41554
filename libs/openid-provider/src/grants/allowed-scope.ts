import type { RegisteredClient } from '../model/client.ts'
import type { Resources } from '../model/resources.ts'

/**
 * Of some scopes, those that exist and that the client may have, by its registration as it is now: it
 * may have changed since the user granted them.
 *
 * @param resources all that exist of what the scope, or the client's whole registration, stands for
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.3 RFC 6749 §3.3}
 */
export function selectAllowedScope(
  scope: readonly string[],
  client: RegisteredClient,
  { identityResources, apiScopes }: Resources,
): readonly string[] {
  const known = new Set([...identityResources, ...apiScopes].map(({ name }) => name))
  return scope.filter((name) => {
    if (name === 'offline_access') return client.allowOfflineAccess
    return known.has(name) && client.allowedScopes.includes(name)
  })
}
