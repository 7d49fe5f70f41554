import { type ClientCredentials, OAuthError } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { matchesSharedSecret } from '../model/secret.ts'
import type { ProtocolRequest } from '../protocol-endpoint.ts'

/**
 * The client with this id and secret. An unknown client and a wrong secret are told apart neither by
 * the words nor by the time.
 *
 * @throws {OAuthError} `invalid_client`
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 RFC 6749 §5.2}
 */
export async function requireClientWithSecret(
  credentials: ClientCredentials | undefined,
  request: ProtocolRequest,
  provider: Provider,
): Promise<RegisteredClient> {
  if (credentials === undefined) throw new OAuthError('invalid_client', 'client_id is missing')
  const { client_id, client_secret } = credentials
  request.logLine.client_id = client_id.slice(0, 100)

  const client = await provider.clients.findClientById(client_id)
  const matches = matchesSharedSecret(client?.clientSecrets, client_secret, provider.now())
  if (!matches || client === undefined)
    throw new OAuthError('invalid_client', 'unknown client or wrong secret')
  return client
}
