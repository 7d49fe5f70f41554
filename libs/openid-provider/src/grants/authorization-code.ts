import { type FormParameters, matchesCodeChallenge, OAuthError } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { selectResources } from '../model/resources.ts'
import { isLive } from '../sessions/login-session.ts'
import type { Issued } from '../stores/handles.ts'
import { selectAllowedScope } from './allowed-scope.ts'
import type { Grant } from './grant.ts'
import { grantResources, narrowResource } from './grant-resources.ts'
import { type AuthorizationCode, type CodeBinding, requireActiveUser } from './granted-access.ts'
import { familyExpiry } from './refresh-token-expiry.ts'
import { revokeGrantBecause } from './revoke-grant.ts'
import { requireUnspent, spend } from './spent-handles.ts'

/** How long it is taken to last until tokens are issued, from the moment on at which their code is spent. Milliseconds. */
const issuance = 60 * 1000

/**
 * A code from the authorization endpoint, redeemed by the client it was issued to.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.3 RFC 6749 §4.1.3}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636.html#section-4.6 RFC 7636 §4.6}
 */
export const authorizationCodeGrant: Grant = async (parameters, client, provider) => {
  const { code, resource } = parameters
  if (code === undefined) throw new OAuthError('invalid_request', 'code is missing')

  const { authorizationCodes: handles, now } = provider
  const findMisfit = (binding: CodeBinding) => findWrongParameter(binding, parameters)
  const presented = { handles, handle: code, name: 'code', client, findMisfit } as const
  const issued = await requireUnspent(presented, provider)
  // First of all, so that nobody tries a second code_verifier.
  const { redirect_uri, code_challenge } = issued
  const binding = { redirect_uri, ...(code_challenge !== undefined && { code_challenge }) }
  const until = lastExpiryOf(issued, client, now())
  await spend(presented, issued, { until, binding }, provider)
  const misfit = findMisfit(issued)
  if (misfit !== undefined) throw new OAuthError('invalid_grant', misfit)
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

/** What is wrong with the parameters for a code, but for the code itself. */
function findWrongParameter(
  { redirect_uri, code_challenge }: CodeBinding,
  parameters: FormParameters,
): string | undefined {
  if (redirect_uri !== parameters.redirect_uri)
    return 'redirect_uri is not the one the code was requested with'
  if (!matchesCodeChallenge(parameters.code_verifier, code_challenge))
    return 'code_verifier does not match the code_challenge'
  return undefined
}

/** When the last token expires that can come of a code which is redeemed at `now`. */
function lastExpiryOf(
  { scope }: Issued<AuthorizationCode>,
  client: RegisteredClient,
  now: number,
): number {
  const issuedUntil = now + issuance
  if (scope.includes('offline_access')) return familyExpiry(client, issuedUntil, issuedUntil)
  return issuedUntil + client.accessTokenLifetime * 1000
}

/** A client that got tokens now would not be told of a sign-out that has been told to all meanwhile. */
async function revokeIfSignedOut(
  { grant_id = '', login, expires: lastExpiry }: Issued<AuthorizationCode>,
  client: RegisteredClient,
  provider: Provider,
): Promise<void> {
  if (await isLive(login.sid, provider.store)) return
  await revokeGrantBecause('signedOut', { grant_id, lastExpiry, client }, provider)
}
