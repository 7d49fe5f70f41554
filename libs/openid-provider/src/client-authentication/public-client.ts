import { OAuthError } from '@basics/protocol'

import type { ClientAuthenticationMethod } from './authenticate-client.ts'

/**
 * A client that cannot keep a secret, such as a script in a browser, says who it is and proves
 * nothing. What it gets is bound to it in other ways: its redirect URI, and the code verifier.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2.1 RFC 6749 §3.2.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-2.1.1 RFC 9700 §2.1.1}
 */
export const publicClient: ClientAuthenticationMethod = {
  isUsed: ({ parameters, authorization }) =>
    authorization === undefined &&
    parameters.client_id !== undefined &&
    parameters.client_secret === undefined &&
    parameters.client_assertion === undefined &&
    parameters.client_assertion_type === undefined,

  async authenticate(request, provider) {
    const { client_id = '' } = request.parameters
    request.logLine.client_id = client_id.slice(0, 100)
    const client = await provider.clients.findClientById(client_id)
    if (client === undefined || client.requireClientSecret)
      throw new OAuthError('invalid_client', 'the request carries no client authentication')
    return client
  },
}
