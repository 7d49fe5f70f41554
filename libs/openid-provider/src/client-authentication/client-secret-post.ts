import type { ClientAuthenticationMethod } from './authenticate-client.ts'
import { requireClientWithSecret } from './require-client-with-secret.ts'

/**
 * The client sends id and secret as parameters of the form.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1 RFC 6749 §2.3.1}
 */
export const clientSecretPost: ClientAuthenticationMethod = {
  isUsed: ({ parameters }) => parameters.client_secret !== undefined,

  async authenticate(request, provider) {
    const { client_id, client_secret } = request.parameters
    const credentials =
      client_id !== undefined && client_secret !== undefined
        ? { client_id, client_secret }
        : undefined
    return requireClientWithSecret(credentials, request, provider)
  },
}
