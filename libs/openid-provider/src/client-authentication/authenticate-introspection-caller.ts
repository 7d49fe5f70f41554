import { type ClientCredentials, OAuthError, readBasicCredentials } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import type { ApiResource } from '../model/resources.ts'
import { matchesSharedSecret } from '../model/secret.ts'
import type { ProtocolRequest } from '../protocol-endpoint.ts'
import { authenticateClient } from './authenticate-client.ts'

/** Who may ask about tokens: an API about those for it, a client about its own. */
export type IntrospectionCaller =
  | { readonly kind: 'api'; readonly name: string; readonly scopes: readonly string[] }
  | { readonly kind: 'client'; readonly name: string }

/**
 * Which API, or client, is asking? An API authenticates with its name and API secret, in the places
 * where a client has its id and secret.
 *
 * @throws {OAuthError} `invalid_client`
 * @see {@link https://www.rfc-editor.org/rfc/rfc7662.html#section-2.1 RFC 7662 §2.1}
 */
export async function authenticateIntrospectionCaller(
  request: ProtocolRequest,
  provider: Provider,
): Promise<IntrospectionCaller> {
  const credentials = readCredentials(request)
  const api = credentials && (await provider.resources.findApiResourceByName(credentials.client_id))
  if (credentials !== undefined && api !== undefined)
    return authenticateApi(api, credentials, request, provider)
  const client = await authenticateClient(request, provider)
  return { kind: 'client', name: client.clientId }
}

function readCredentials(request: ProtocolRequest): ClientCredentials | undefined {
  const { client_id, client_secret } = request.parameters
  if (client_id !== undefined && client_secret !== undefined) return { client_id, client_secret }
  return readBasicCredentials(request.authorization)
}

function authenticateApi(
  api: ApiResource,
  { client_secret }: ClientCredentials,
  request: ProtocolRequest,
  provider: Provider,
): IntrospectionCaller {
  request.logLine.client_id = api.name
  if (matchesSharedSecret(api.apiSecrets, client_secret, provider.now()))
    return { kind: 'api', name: api.name, scopes: api.scopes }
  const description = 'wrong API secret'
  provider.events.raise('apiAuthenticationFailed', { api: api.name, description })
  const challenge = request.authorization === undefined ? {} : { challenge: 'Basic' as const }
  throw new OAuthError('invalid_client', description, challenge)
}
