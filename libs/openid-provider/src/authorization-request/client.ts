import { AuthorizationError, type FormParameters } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'

/** @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-2.2 RFC 6749 §2.2} */
export async function readClient(
  { client_id }: FormParameters,
  { clients }: Provider,
): Promise<RegisteredClient> {
  if (client_id === undefined)
    throw new AuthorizationError('invalid_request', 'client_id is missing')
  const client = await clients.findClientById(client_id)
  if (client === undefined)
    throw new AuthorizationError('unauthorized_client', 'client_id is unknown')
  return client
}
