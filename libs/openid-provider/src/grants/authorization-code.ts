import { matchesCodeChallenge, OAuthError } from '@basics/protocol'

import type { RegisteredClient } from '../model/client.ts'
import { selectResources } from '../model/resources.ts'
import { isSessionClient } from '../sessions/session-clients.ts'
import { selectAllowedScope } from './allowed-scope.ts'
import type { Grant } from './grant.ts'
import { grantResources, narrowResource } from './grant-resources.ts'
import { takeOnce } from './spent-handles.ts'
import { requireActiveUser } from './user-grant.ts'

/**
 * A code from the authorization endpoint, redeemed by the client it was issued to.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.3 RFC 6749 §4.1.3}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636.html#section-4.6 RFC 7636 §4.6}
 */
export const authorizationCodeGrant: Grant = async (parameters, client, provider) => {
  const { code, redirect_uri, code_verifier, resource } = parameters
  if (code === undefined) throw new OAuthError('invalid_request', 'code is missing')

  // A code is spent by being looked at, so a second use fails whatever the outcome of the first.
  const issued = await takeOnce(provider.authorizationCodes, code, lifetime(client), provider)
  if (issued === undefined)
    throw new OAuthError('invalid_grant', 'code is unknown, used or expired')
  if (issued.client_id !== client.clientId)
    throw new OAuthError('invalid_grant', 'code was issued to another client')
  if (issued.redirect_uri !== redirect_uri)
    throw new OAuthError('invalid_grant', 'redirect_uri is not the one the code was requested with')
  if (!matchesCodeChallenge(code_verifier, issued.code_challenge))
    throw new OAuthError('invalid_grant', 'code_verifier does not match the code_challenge')
  const { grant_id = '', login, nonce, claims } = issued
  // A client that gets tokens now would not be told of a sign-out that has just been told to all.
  if (!(await isSessionClient(login.sid, client.clientId, provider)))
    throw new OAuthError('invalid_grant', 'the user has signed out')
  const user = await requireActiveUser(login.sub, provider)
  const resources = await provider.resources.findResourcesByScope(client.allowedScopes)
  const scope = selectAllowedScope(issued.scope, client, resources)
  const named = narrowResource(resource, issued.resource)
  return {
    client,
    resources,
    ...grantResources(scope, selectResources(scope, resources), named),
    authorization: {
      grant_id,
      user,
      login,
      ...(nonce !== undefined && { nonce }),
      ...(claims !== undefined && { claims }),
      ...(scope.includes('offline_access') && {
        offline: {
          scope,
          since: provider.now(),
          ...(issued.resource !== undefined && { resource: issued.resource }),
          ...(issued.description !== undefined && { description: issued.description }),
        },
      }),
    },
  }
}

/** Of what may come of a code, if no refresh token is prolonged without a limit; milliseconds. */
function lifetime(client: RegisteredClient): number {
  const { absoluteRefreshTokenLifetime, slidingRefreshTokenLifetime } = client
  const ofRefreshToken = absoluteRefreshTokenLifetime || slidingRefreshTokenLifetime
  return 1000 * Math.max(client.accessTokenLifetime, client.allowOfflineAccess ? ofRefreshToken : 0)
}
