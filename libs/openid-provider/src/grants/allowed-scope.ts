import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'

/**
 * Of some scopes, those that exist and that the client may have, by its registration as it is now: it
 * may have changed since the user granted them.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.3 RFC 6749 §3.3}
 */
export async function selectAllowedScope(
  scope: readonly string[],
  client: RegisteredClient,
  { resources }: Pick<Provider, 'resources'>,
): Promise<readonly string[]> {
  const { identityResources, apiScopes } = await resources.findResourcesByScope(scope)
  const known = new Set([...identityResources, ...apiScopes].map(({ name }) => name))
  return scope.filter((name) => {
    if (name === 'offline_access') return client.allowOfflineAccess
    return known.has(name) && client.allowedScopes.includes(name)
  })
}
