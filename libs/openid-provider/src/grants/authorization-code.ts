import { matchesCodeChallenge, OAuthError } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { selectResources } from '../model/resources.ts'
import { isSessionClient } from '../sessions/session-clients.ts'
import type { Issued } from '../stores/handles.ts'
import { selectAllowedScope } from './allowed-scope.ts'
import type { Grant } from './grant.ts'
import { grantResources, narrowResource } from './grant-resources.ts'
import { familyExpiry } from './refresh-token-expiry.ts'
import { revokeGrantBecause } from './revoke-grant.ts'
import { requireUnspent, spend } from './spent-handles.ts'
import { type AuthorizationCode, requireActiveUser } from './user-grant.ts'

/**
 * A code from the authorization endpoint, redeemed by the client it was issued to.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.3 RFC 6749 §4.1.3}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636.html#section-4.6 RFC 7636 §4.6}
 */
export const authorizationCodeGrant: Grant = async (parameters, client, provider) => {
  const { code, redirect_uri, code_verifier, resource } = parameters
  if (code === undefined) throw new OAuthError('invalid_request', 'code is missing')

  const { authorizationCodes, now } = provider
  const issued = await requireUnspent(authorizationCodes, code, 'code', client, provider)
  // First of all, so that a second use fails whatever the outcome of the first.
  const until = lastExpiryOf(issued, client, now())
  await spend(authorizationCodes, code, issued, until, client, provider)
  if (issued.redirect_uri !== redirect_uri)
    throw new OAuthError('invalid_grant', 'redirect_uri is not the one the code was requested with')
  if (!matchesCodeChallenge(code_verifier, issued.code_challenge))
    throw new OAuthError('invalid_grant', 'code_verifier does not match the code_challenge')
  const { grant_id = '', login, nonce, claims } = issued
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
      conclude: () => revokeIfSignedOut(issued, client, provider),
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

/** When the last token expires that can come of a code, which is known until it expires itself, at the least. */
function lastExpiryOf(
  { scope, expires = 0 }: Issued<AuthorizationCode>,
  client: RegisteredClient,
  now: number,
): number {
  if (scope.includes('offline_access')) return Math.max(expires, familyExpiry(client, now, now))
  return Math.max(expires, now + client.accessTokenLifetime * 1000)
}

/** A client that got tokens now would not be told of a sign-out that has been told to all meanwhile. */
async function revokeIfSignedOut(
  { grant_id = '', login, expires }: Issued<AuthorizationCode>,
  client: RegisteredClient,
  provider: Provider,
): Promise<void> {
  if (await isSessionClient(login.sid, client.clientId, provider)) return
  await revokeGrantBecause('signedOut', grant_id, expires ?? 0, client, provider)
}
