import { AuthorizationError } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { ReceivedRequest } from './received-request.ts'

/**
 * Holds a client to the way it is registered for.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9101.html#section-10.5 RFC 9101 §10.5}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9126.html#section-5 RFC 9126 §5}, §6
 */
export function requireWay(
  { parameters, isSigned, isPushed }: ReceivedRequest,
  client: RegisteredClient,
  { options }: Provider,
): void {
  if (client.requireRequestObject && !isSigned)
    throw new AuthorizationError('invalid_request', 'the client has to sign its requests')
  if ((client.requirePushedAuthorization || options.requirePushedAuthorization) && !isPushed)
    throw new AuthorizationError('invalid_request', 'the client has to push its requests')
  if (parameters.registration !== undefined)
    throw new AuthorizationError('registration_not_supported', 'registration is not supported')
}
