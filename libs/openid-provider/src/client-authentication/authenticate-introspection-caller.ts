import { type ClientCredentials, OAuthError, readBasicCredentials } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { ApiResource } from '../model/resources.ts'
import { matchesSharedSecret } from '../model/secret.ts'
import type { ProtocolRequest } from '../protocol-endpoint.ts'
import { authenticateClient, requireSameClient, selectMethod } from './authenticate-client.ts'
import { publicClient } from './public-client.ts'

/** Who may ask about tokens: an API about those for it, a client about its own. */
export type IntrospectionCaller =
  | { readonly kind: 'api'; readonly name: string; readonly scopes: readonly string[] }
  | { readonly kind: 'client'; readonly name: string; readonly client: RegisteredClient }

/**
 * Which API, or client, is asking? An API authenticates with its name and API secret, in the places
 * where a client has its id and secret. Whoever is no API may still be a client, also one of that name.
 *
 * @throws {OAuthError} as {@link authenticateClient} does.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7662.html#section-2.1 RFC 7662 §2.1}
 */
export async function authenticateIntrospectionCaller(
  request: ProtocolRequest,
  provider: Provider,
): Promise<IntrospectionCaller> {
  const api = await authenticateApi(request, provider)
  if (api !== undefined) return { kind: 'api', name: api.name, scopes: api.scopes }
  if (publicClient.isUsed(request))
    throw new OAuthError('invalid_client', 'whoever asks about tokens has to authenticate')
  const client = await authenticateClient(request, provider)
  return { kind: 'client', name: client.clientId, client }
}

async function authenticateApi(
  request: ProtocolRequest,
  provider: Provider,
): Promise<ApiResource | undefined> {
  // An API uses one way, as a client does.
  selectMethod(request)
  const credentials = readCredentials(request)
  if (credentials === undefined) return undefined
  const { client_id, client_secret } = credentials
  const api = await provider.resources.findApiResourceByName(client_id)
  if (api === undefined) return undefined

  request.logLine.client_id = client_id
  if (matchesSharedSecret(api.apiSecrets, client_secret, provider.now())) {
    requireSameClient(client_id, request)
    return api
  }
  const description = 'wrong API secret'
  provider.events.raise('apiAuthenticationFailed', { api: client_id, description })
  return undefined
}

function readCredentials(request: ProtocolRequest): ClientCredentials | undefined {
  const { client_id, client_secret } = request.parameters
  if (client_id !== undefined && client_secret !== undefined) return { client_id, client_secret }
  return readBasicCredentials(request.authorization)
}
