import { OAuthError } from '@basics/protocol'

import { authenticateClient } from '../client-authentication/authenticate-client.ts'
import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { ProtocolRequest } from '../protocol-endpoint.ts'
import { ProtocolResponse } from '../protocol-response.ts'
import { isJwt, readAccessToken } from '../tokens/read-access-token.ts'

/**
 * A client gives back a token it no longer needs. A token that is unknown, expired or revoked already
 * is as gone as the client wants it to be. `token_type_hint` is not needed: every kind is looked for.
 *
 * @throws {OAuthError} `invalid_grant` for another client's token; `unsupported_token_type` for a JWT,
 *   which APIs accept without asking until it expires.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7009.html#section-2 RFC 7009 §2}
 */
export async function revocationEndpoint(
  request: ProtocolRequest,
  provider: Provider,
): Promise<object> {
  const client = await authenticateClient(request, provider)
  const { token } = request.parameters
  if (token === undefined) throw new OAuthError('invalid_request', 'token is missing')
  await revoke(token, client, provider)
  return ProtocolResponse.empty
}

async function revoke(token: string, client: RegisteredClient, provider: Provider): Promise<void> {
  const claims = await readAccessToken(token, provider)
  if (claims === undefined) return
  if (claims.client_id !== client.clientId)
    throw new OAuthError('invalid_grant', 'the token was issued to another client')
  if (isJwt(token))
    throw new OAuthError('unsupported_token_type', 'a JWT is valid until it expires; use reference')

  await provider.referenceTokens.remove(token)
  const { clientId } = client
  provider.events.raise('tokenRevoked', { client_id: clientId, token_type: 'reference_token' })
}
