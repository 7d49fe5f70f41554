import { OAuthError, readScope } from '@basics/protocol'

import type { RegisteredClient } from '../model/client.ts'
import type { Grant } from './grant.ts'
import { grantResources } from './grant-resources.ts'

/**
 * The client acts for itself: it is granted what it asks for and is registered for, or without a
 * `scope` all API scopes that it is registered for.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4.2 RFC 6749 §4.4.2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.3 RFC 6749 §3.3}
 */
export const clientCredentialsGrant: Grant = async (parameters, client, provider) => {
  const { scope, resource } = parameters
  const requested = scope === undefined ? undefined : readScope(scope)
  if (requested?.length === 0) throw new OAuthError('invalid_scope', 'scope names nothing')
  if (requested !== undefined) requireAllowed(requested, client)

  const candidates = requested ?? client.allowedScopes
  const resources = await provider.resources.findResourcesByScope(candidates)
  const apiScopes = resources.apiScopes.map(({ name }) => name)
  if (requested !== undefined) requireApiScopes(requested, apiScopes)
  if (apiScopes.length === 0)
    throw new OAuthError('invalid_scope', 'the client is registered for no API scope')

  return { client, resources, ...grantResources(apiScopes, resources, resource) }
}

function requireAllowed(requested: readonly string[], client: RegisteredClient): void {
  const refused = requested.find((name) => !client.allowedScopes.includes(name))
  if (refused === 'offline_access')
    throw new OAuthError('invalid_scope', 'there are no refresh tokens for a client on its own')
  if (refused !== undefined)
    throw new OAuthError('invalid_scope', `${refused} is unknown, or not allowed for this client`)
}

/** Claims about a user make no sense without one. */
function requireApiScopes(requested: readonly string[], apiScopes: readonly string[]): void {
  const refused = requested.find((name) => !apiScopes.includes(name))
  if (refused !== undefined)
    throw new OAuthError('invalid_scope', `${refused} is no API scope; this grant has no user`)
}
