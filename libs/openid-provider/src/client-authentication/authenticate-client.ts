import { OAuthError } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { ProtocolRequest } from '../protocol-endpoint.ts'
import { clientSecretBasic } from './client-secret-basic.ts'
import { clientSecretPost } from './client-secret-post.ts'
import { privateKeyJwt } from './private-key-jwt.ts'
import { publicClient } from './public-client.ts'

/** A way to authenticate. */
export interface ClientAuthenticationMethod {
  /** Whether the request uses this way. */
  isUsed(request: ProtocolRequest): boolean
  /**
   * The client that the request proves to come from.
   *
   * @throws {OAuthError} `invalid_client` when it proves nothing.
   */
  authenticate(request: ProtocolRequest, provider: Provider): Promise<RegisteredClient>
}

/**
 * The methods, under the names that metadata gives them.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication OIDC Core §9}
 */
export const clientAuthenticationMethods = new Map<string, ClientAuthenticationMethod>([
  ['client_secret_basic', clientSecretBasic],
  ['client_secret_post', clientSecretPost],
  ['private_key_jwt', privateKeyJwt],
  ['none', publicClient],
])

const allMethods = [...clientAuthenticationMethods]

/**
 * Which client is asking? Tells the host's listeners what came of it.
 *
 * @throws {OAuthError} `invalid_client` when the request does not prove it; `invalid_request` when it
 *   tries to in more than one way.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3 RFC 6749 §2.3}
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2.1 RFC 6749 §3.2.1}
 */
export async function authenticateClient(
  request: ProtocolRequest,
  provider: Provider,
): Promise<RegisteredClient> {
  try {
    const [name, method] = selectMethod(request)
    const client = await method.authenticate(request, provider)
    requireSameClient(client.clientId, request)
    request.logLine.client_id = client.clientId
    provider.events.raise('clientAuthenticated', { client_id: client.clientId, method: name })
    return client
  } catch (error) {
    if (error instanceof OAuthError)
      provider.events.raise('clientAuthenticationFailed', {
        ...request.logLine,
        description: error.message,
      })
    throw error
  }
}

/**
 * The one way to authenticate that a request uses: the client MUST NOT use more (RFC 6749 §2.3).
 *
 * @throws {OAuthError} `invalid_client` when it uses none, `invalid_request` when it uses two.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3 RFC 6749 §2.3}
 */
export function selectMethod(request: ProtocolRequest): [string, ClientAuthenticationMethod] {
  const [first, second] = allMethods.filter(([, method]) => method.isUsed(request))
  if (first === undefined)
    throw new OAuthError('invalid_client', 'the request carries no client authentication')
  if (second !== undefined)
    throw new OAuthError('invalid_request', `both ${first[0]} and ${second[0]} are used; use one`)
  return first
}

/**
 * A `client_id` that says otherwise is a mistake, or an attempt to have two parts of a system read the
 * request differently.
 *
 * @throws {OAuthError} `invalid_client`
 * @see {@link https://www.rfc-editor.org/rfc/rfc7521.html#section-4.2 RFC 7521 §4.2}
 */
export function requireSameClient(authenticated: string, { parameters }: ProtocolRequest): void {
  if (parameters.client_id !== undefined && parameters.client_id !== authenticated)
    throw new OAuthError('invalid_client', 'client_id is not the client that authenticated')
}
