import { AuthorizationError, type FormParameters } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { readClient } from './client.ts'
import { fetchRequestObject } from './fetch-request-object.ts'
import { isPushedRequestUri, takePushedRequest } from './pushed-request.ts'
import type { ReceivedRequest } from './received-request.ts'
import { readResponseTarget } from './redirect-uri.ts'
import { RefusedAtClient } from './refused-at-client.ts'
import { readRequestObject } from './request-object.ts'

/**
 * Takes an authorization request as the browser brings it: plainly in its parameters, as a signed
 * object, or as a reference to one of the two. When there is an object or a reference, nothing that
 * stands beside it counts but `client_id`.
 *
 * @throws {AuthorizationError} to be shown to the user.
 * @throws {RefusedAtClient} when a registered `redirect_uri` stands beside what is wrong.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9101.html#section-5 RFC 9101 §5}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9126.html#section-4 RFC 9126 §4}
 */
export async function receiveAuthorizationRequest(
  parameters: FormParameters,
  provider: Provider,
): Promise<ReceivedRequest> {
  const plain = { parameters, isSigned: false, isPushed: false }
  if (parameters.request === undefined && parameters.request_uri === undefined) return plain

  const client = await readClient(parameters, provider)
  try {
    return await resolve(parameters, client, provider)
  } catch (error) {
    if (error instanceof AuthorizationError) throw asRefusal(error, plain, client, provider)
    throw error
  }
}

async function resolve(
  { request, request_uri }: FormParameters,
  client: RegisteredClient,
  provider: Provider,
): Promise<ReceivedRequest> {
  if (request !== undefined && request_uri !== undefined)
    throw new AuthorizationError('invalid_request', 'request and request_uri exclude each other')
  if (isPushedRequestUri(request_uri)) return takePushedRequest(request_uri, client, provider)
  const object = request ?? (await fetchRequestObject(request_uri ?? '', client, provider))
  const parameters = await readRequestObject(object, client, provider)
  return { parameters, isSigned: true, isPushed: false }
}

/** A redirect URI is no less the client's for standing beside an object that is refused. */
function asRefusal(
  error: AuthorizationError,
  plain: ReceivedRequest,
  client: RegisteredClient,
  { options }: Provider,
): Error {
  try {
    return new RefusedAtClient(readResponseTarget(plain, client, options), error)
  } catch {
    return error
  }
}
