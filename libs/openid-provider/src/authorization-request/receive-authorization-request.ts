import { AuthorizationError, type FormParameters } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import { readClient } from './client.ts'
import { fetchRequestObject } from './fetch-request-object.ts'
import { isPushedRequestUri, takePushedRequest } from './pushed-request.ts'
import { createReceivedRequest, type ReceivedRequest } from './received-request.ts'
import { readRequestObject } from './request-object.ts'

/**
 * Takes an authorization request as the browser brings it: plainly in its parameters, as a signed
 * object, or as a reference to one of the two. When there is an object or a reference, nothing that
 * stands beside it counts but `client_id`.
 *
 * @throws {AuthorizationError} to be shown to the user, since nothing is proven yet.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9101.html#section-5 RFC 9101 §5}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9126.html#section-4 RFC 9126 §4}
 */
export async function receiveAuthorizationRequest(
  parameters: FormParameters,
  provider: Provider,
): Promise<ReceivedRequest> {
  const { request, request_uri } = parameters
  if (request === undefined && request_uri === undefined)
    return createReceivedRequest(parameters, { isSigned: false, isPushed: false })

  const client = await readClient(parameters, provider)
  if (request !== undefined && request_uri !== undefined)
    throw new AuthorizationError('invalid_request', 'request and request_uri exclude each other')
  if (isPushedRequestUri(request_uri)) return takePushedRequest(request_uri, client, provider)
  const object = request ?? (await fetchRequestObject(request_uri ?? '', client, provider))
  const signed = await readRequestObject(object, client, provider)
  return createReceivedRequest(signed, { isSigned: true, isPushed: false })
}
