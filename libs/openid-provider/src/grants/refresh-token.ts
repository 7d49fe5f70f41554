import { OAuthError, readScope } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { selectResources } from '../model/resources.ts'
import type { Issued } from '../stores/handles.ts'
import { selectAllowedScope } from './allowed-scope.ts'
import type { Grant } from './grant.ts'
import { grantResources, narrowResource } from './grant-resources.ts'
import { refreshTokenExpiry } from './refresh-token-expiry.ts'
import { revokeIfSpent, takeOnce } from './spent-handles.ts'
import { type RefreshToken, requireActiveUser } from './user-grant.ts'

/**
 * A refresh token, by which the client comes back without the user: for all that was granted, or for a
 * part of it.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-6 RFC 6749 §6}
 */
export const refreshTokenGrant: Grant = async (parameters, client, provider) => {
  const { refresh_token, scope, resource } = parameters
  if (refresh_token === undefined)
    throw new OAuthError('invalid_request', 'refresh_token is missing')

  const issued = await provider.refreshTokens.get(refresh_token)
  if (issued === undefined) {
    await revokeIfSpent(refresh_token, provider)
    throw new OAuthError('invalid_grant', 'refresh_token is unknown, used, revoked or expired')
  }
  if (issued.client_id !== client.clientId)
    throw new OAuthError('invalid_grant', 'refresh_token was issued to another client')
  if (!client.allowOfflineAccess)
    throw new OAuthError('invalid_grant', 'the client may no longer come without the user')
  const user = await requireActiveUser(issued.login.sub, provider)
  const resources = await provider.resources.findResourcesByScope(client.allowedScopes)
  const allowed = selectAllowedScope(issued.scope, client, resources)
  const requested = readNarrowedScope(scope, allowed)
  const named = narrowResource(resource, issued.resource)
  const granted = grantResources(requested, selectResources(requested, resources), named)
  const kept = await spend(refresh_token, issued, client, provider)

  const { grant_id = '', login, claims, since } = issued
  return {
    client,
    resources,
    ...granted,
    authorization: {
      grant_id,
      user,
      login,
      ...(claims !== undefined && { claims }),
      offline: {
        scope: issued.scope,
        since,
        ...(issued.resource !== undefined && { resource: issued.resource }),
        ...(issued.description !== undefined && { description: issued.description }),
        ...(kept !== undefined && { refresh_token: kept }),
      },
    },
  }
}

/** The scope MUST NOT include any that was not originally granted (RFC 6749 §6). */
function readNarrowedScope(
  scope: string | undefined,
  granted: readonly string[],
): readonly string[] {
  if (scope === undefined) return granted
  const requested = readScope(scope)
  const refused = requested.find((name) => !granted.includes(name))
  if (refused !== undefined)
    throw new OAuthError('invalid_scope', `${refused} is not part of what was granted`)
  if (requested.length === 0) throw new OAuthError('invalid_scope', 'scope names nothing')
  return requested
}

/**
 * Uses the token: a one-time token is gone with it, one that stays may live longer for it.
 *
 * @returns the token when it stays
 */
async function spend(
  refresh_token: string,
  issued: Issued<RefreshToken>,
  client: RegisteredClient,
  provider: Provider,
): Promise<string | undefined> {
  if (client.refreshTokenUsage === 'oneTimeOnly') {
    const taken = await takeOnce(provider.refreshTokens, refresh_token, 0, provider)
    if (taken === undefined) throw gone()
    return undefined
  }
  const expires = refreshTokenExpiry(client, issued.since, provider.now())
  const isKept =
    expires === issued.expires ||
    (await provider.refreshTokens.replace(refresh_token, { ...issued, expires }))
  if (!isKept) throw gone()
  return refresh_token
}

/** By the time it was to be used, another request had used or revoked it. */
function gone(): OAuthError {
  return new OAuthError('invalid_grant', 'refresh_token was used or revoked at the same time')
}
