import { OAuthError, readScope } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { selectResources } from '../model/resources.ts'
import type { Issued } from '../stores/handles.ts'
import { selectAllowedScope } from './allowed-scope.ts'
import type { Grant } from './grant.ts'
import { grantResources, narrowResource } from './grant-resources.ts'
import { type RefreshToken, requireActiveUser } from './granted-access.ts'
import { canOutliveRefreshToken, rememberOutlivingToken } from './outliving-token.ts'
import { familyExpiry, refreshTokenExpiry } from './refresh-token-expiry.ts'
import { type Presented, requireUnspent, spend } from './spent-handles.ts'

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

  const { refreshTokens: handles } = provider
  const presented = { handles, handle: refresh_token, name: 'refresh_token', client } as const
  const issued = await requireUnspent(presented, provider)
  if (!client.allowOfflineAccess)
    throw new OAuthError('invalid_grant', 'the client may no longer come without the user')
  const user = await requireActiveUser(issued.login.sub, provider)
  const resources = await provider.resources.findResourcesByScope(client.allowedScopes)
  const allowed = selectAllowedScope(issued.scope, client, resources)
  const requested = readNarrowedScope(scope, allowed)
  const named = narrowResource(resource, issued.resource)
  const granted = grantResources(requested, selectResources(requested, resources), named)
  const { grant_id = '', login, claims, since } = issued
  return {
    client,
    resources,
    ...granted,
    authorization: {
      grant_id,
      user,
      login,
      // Only now, so that the client still has the token it came with if anything before has failed.
      conclude: () => use(presented, issued, client, provider),
      ...(claims !== undefined && { claims }),
      offline: {
        scope: issued.scope,
        since,
        ...(issued.resource !== undefined && { resource: issued.resource }),
        ...(issued.description !== undefined && { description: issued.description }),
        ...(client.refreshTokenUsage === 'reUse' && { refresh_token }),
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
 * @throws {OAuthError} `invalid_grant` when another request has used or revoked it meanwhile
 */
async function use(
  presented: Presented<RefreshToken>,
  issued: Issued<RefreshToken>,
  client: RegisteredClient,
  provider: Provider,
): Promise<void> {
  const { handles, handle } = presented
  const { now } = provider
  if (client.refreshTokenUsage === 'oneTimeOnly') {
    const until = familyExpiry(client, issued.since, now())
    return spend(presented, issued, { until }, provider)
  }
  const expires = refreshTokenExpiry(client, issued.since, now())
  if (expires === issued.expires) return
  if (!(await handles.replace(handle, { ...issued, expires })))
    throw new OAuthError('invalid_grant', 'refresh_token was revoked at the same time')
  if (canOutliveRefreshToken(client)) await rememberOutlivingToken(issued, client, provider)
}
