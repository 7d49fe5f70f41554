import { AuthorizationError, type FormParameters, OAuthError } from '@basics/protocol'

import { keepPushedRequest } from '../authorization-request/pushed-request.ts'
import { readAuthorizationRequest } from '../authorization-request/read-authorization-request.ts'
import {
  createReceivedRequest,
  type ReceivedRequest,
} from '../authorization-request/received-request.ts'
import { RefusedAtClient } from '../authorization-request/refused-at-client.ts'
import { readRequestObject } from '../authorization-request/request-object.ts'
import { authenticateClient } from '../client-authentication/authenticate-client.ts'
import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { ProtocolRequest } from '../protocol-endpoint.ts'
import { ProtocolResponse } from '../protocol-response.ts'

/**
 * A client hands in its authorization request before the browser is involved, and gets a reference to
 * send the browser with. The request is checked as it will be checked when the browser comes.
 *
 * @throws {OAuthError} with the codes of the token endpoint, or of an authorization response
 * @see {@link https://www.rfc-editor.org/rfc/rfc9126.html#section-2 RFC 9126 §2}
 */
export async function pushedAuthorizationEndpoint(
  request: ProtocolRequest,
  provider: Provider,
): Promise<object> {
  const client = await authenticateClient(request, provider)
  if (request.parameters.request_uri !== undefined)
    throw new OAuthError('invalid_request', 'request_uri cannot be pushed')
  try {
    const pushed = await receivePushed(request.parameters, client, provider)
    await readAuthorizationRequest(pushed, provider)
    return ProtocolResponse.json(201, await keepPushedRequest(pushed, client, provider))
  } catch (error) {
    throw asOAuthError(error)
  }
}

/** With a request object, nothing beside it counts but what authenticates the client (RFC 9126 §3). */
async function receivePushed(
  parameters: FormParameters,
  client: RegisteredClient,
  provider: Provider,
): Promise<ReceivedRequest> {
  const { request } = parameters
  if (request === undefined) {
    const { clientId: client_id } = client
    return createReceivedRequest({ ...parameters, client_id }, { isSigned: false, isPushed: true })
  }
  const signed = await readRequestObject(request, client, provider)
  return createReceivedRequest(signed, { isSigned: true, isPushed: true })
}

/** What would be a redirect later is an answer to the client now (RFC 9126 §2.3). */
function asOAuthError(error: unknown): unknown {
  const refusal = error instanceof RefusedAtClient ? error.error : error
  if (!(refusal instanceof AuthorizationError)) return error
  return new OAuthError(refusal.error, refusal.message)
}
