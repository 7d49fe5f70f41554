import { AuthorizationError } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { ReceivedRequest } from './received-request.ts'

const prefix = 'urn:ietf:params:oauth:request_uri:'

/** Whether a `request_uri` is a reference that this endpoint issues. */
export function isPushedRequestUri(request_uri: string | undefined): request_uri is string {
  return request_uri?.startsWith(prefix) === true
}

/**
 * Keeps a pushed request until the browser brings the reference to it.
 *
 * @returns the reference, and for how many seconds it is good
 * @see {@link https://www.rfc-editor.org/rfc/rfc9126.html#section-2.2 RFC 9126 §2.2}
 */
export async function keepPushedRequest(
  request: ReceivedRequest,
  client: RegisteredClient,
  { pushedRequests, options, now }: Provider,
): Promise<{ request_uri: string; expires_in: number }> {
  const expires_in = client.pushedAuthorizationLifetime ?? options.pushedAuthorizationLifetime
  const handle = await pushedRequests.issue(request, {
    client_id: client.clientId,
    expires: now() + expires_in * 1000,
  })
  return { request_uri: prefix + handle, expires_in }
}

/**
 * The request behind a reference, which is used up by it. What the user still has to do, they do with
 * the request waiting for them.
 *
 * @throws {AuthorizationError} `invalid_request_uri`
 * @see {@link https://www.rfc-editor.org/rfc/rfc9126.html#section-4 RFC 9126 §4}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9126.html#section-7.3 RFC 9126 §7.3}
 */
export async function takePushedRequest(
  request_uri: string,
  client: RegisteredClient,
  { pushedRequests }: Provider,
): Promise<ReceivedRequest> {
  const pushed = await pushedRequests.take(request_uri.slice(prefix.length))
  if (pushed === undefined || pushed.client_id !== client.clientId)
    throw new AuthorizationError(
      'invalid_request_uri',
      'request_uri is unknown, used, expired or of another client',
    )
  const { parameters, isSigned, isPushed } = pushed
  return { parameters, isSigned, isPushed }
}
