import { AuthorizationError, type FormParameters, OAuthError, readScope } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import { selectAllowedScope } from '../grants/allowed-scope.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { Resources } from '../model/resources.ts'
import type { ResponseType } from './response-type.ts'

/**
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.3 RFC 6749 §3.3}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims OIDC Core §5.4}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#OfflineAccess OIDC Core §11}
 */
export async function readRequestedScope(
  parameters: FormParameters,
  client: RegisteredClient,
  response_type: ResponseType,
  provider: Provider,
): Promise<{ scope: readonly string[]; resources: Resources }> {
  const scope = readValues(parameters.scope).filter(isMeantFor(response_type))
  const resources = await provider.resources.findResourcesByScope(scope)
  const { identityResources, apiScopes } = resources

  const allowed = selectAllowedScope(scope, client, resources)
  const refused = scope.find((name) => !allowed.includes(name))
  if (refused !== undefined) throw invalid(`${refused} is unknown, or not allowed for this client`)
  if (identityResources.length > 0 && !scope.includes('openid'))
    throw invalid('openid is missing, which the other identity scopes need')
  if (identityResources.length + apiScopes.length === 0)
    throw invalid('scope names nothing that can be granted')
  requireFitting(scope, resources, response_type)
  return { scope, resources }
}

/** Refresh tokens come of codes: without one, `offline_access` MUST be ignored (OIDC Core §11). */
function isMeantFor({ returns }: ResponseType): (scope: string) => boolean {
  return (scope) => scope !== 'offline_access' || returns.has('code')
}

/** What is asked for is something that the response type can bring. */
function requireFitting(
  scope: readonly string[],
  { identityResources, apiScopes }: Resources,
  { name, returns }: ResponseType,
): void {
  if (returns.has('id_token') && !scope.includes('openid'))
    throw invalid(`openid is missing, which response_type ${name} needs`)
  if (name === 'id_token' && apiScopes.length > 0)
    throw invalid('there is no access token for an API with response_type id_token')
  // Whose token it is, nothing tells the client: it would be no proof of who signed in.
  if (name === 'token' && identityResources.length > 0)
    throw invalid('there is no ID Token to tell of the user with response_type token')
}

function readValues(scope: string | undefined): string[] {
  if (scope === undefined) throw invalid('scope is missing')
  try {
    return readScope(scope)
  } catch (error) {
    if (error instanceof OAuthError) throw invalid(error.message)
    throw error
  }
}

function invalid(description: string): AuthorizationError {
  return new AuthorizationError('invalid_scope', description)
}
