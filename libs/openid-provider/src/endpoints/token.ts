import { OAuthError, type TokenResponse } from '@basics/protocol'

import { authenticateClient } from '../client-authentication/authenticate-client.ts'
import type { Provider } from '../configuration.ts'
import { authorizationCodeGrant } from '../grants/authorization-code.ts'
import { clientCredentialsGrant } from '../grants/client-credentials.ts'
import type { Grant } from '../grants/grant.ts'
import { refreshTokenGrant } from '../grants/refresh-token.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { ProtocolRequest } from '../protocol-endpoint.ts'
import { issueTokens } from '../tokens/issue-tokens.ts'

export const grants = new Map<string, Grant>([
  ['authorization_code', authorizationCodeGrant],
  ['client_credentials', clientCredentialsGrant],
  ['refresh_token', refreshTokenGrant],
])

/**
 * The token endpoint exchanges a grant for tokens: who is asking, what were they granted, and the
 * tokens that say so.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2 RFC 6749 §3.2}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#TokenEndpoint OIDC Core §3.1.3}
 */
export async function tokenEndpoint(
  request: ProtocolRequest,
  provider: Provider,
): Promise<TokenResponse> {
  const client = await authenticateClient(request, provider)
  const grant = selectGrant(request, client)
  const authorized = await grant(request.parameters, client, provider)
  const tokens = await issueTokens(authorized, provider)
  const { clientId } = client
  const { authorization } = authorized
  provider.events.raise('tokenIssued', {
    ...request.logLine,
    client_id: clientId,
    scope: tokens.scope,
    ...(authorization && { grant_id: authorization.grant_id }),
  })
  return tokens
}

function selectGrant(request: ProtocolRequest, client: RegisteredClient): Grant {
  const { grant_type } = request.parameters
  if (grant_type === undefined) throw new OAuthError('invalid_request', 'grant_type is missing')
  const grant = grants.get(grant_type)
  if (grant === undefined) throw unsupported(grant_type)
  request.logLine.grant_type = grant_type
  if (!mayUse(grant_type, client))
    throw new OAuthError('unauthorized_client', `the client may not use ${grant_type}`)
  return grant
}

/** The password grant is left out on purpose, and whoever tries it is told so (RFC 9700 §2.4). */
function unsupported(grant_type: string): OAuthError {
  const instead = 'it shows the password to the client; use authorization_code'
  const why = grant_type === 'password' ? `: ${instead}` : ''
  return new OAuthError('unsupported_grant_type', `grant_type ${grant_type} is not supported${why}`)
}

/**
 * Refresh tokens are part of the code flow for a client that may come back without the user, and codes
 * are part of the hybrid flow too.
 */
function mayUse(grant_type: string, client: RegisteredClient): boolean {
  if (grant_type === 'refresh_token') return client.allowOfflineAccess
  const { allowedGrantTypes } = client
  if (grant_type === 'authorization_code' && allowedGrantTypes.includes('hybrid')) return true
  return allowedGrantTypes.includes(grant_type)
}
