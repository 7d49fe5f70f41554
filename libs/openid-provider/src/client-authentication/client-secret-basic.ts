import { readBasicCredentials } from '@basics/protocol'

import type { ClientAuthenticationMethod } from './authenticate-client.ts'
import { requireClientWithSecret } from './require-client-with-secret.ts'

/**
 * The client sends id and secret in the `Authorization` header.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1 RFC 6749 §2.3.1}
 */
export const clientSecretBasic: ClientAuthenticationMethod = {
  isUsed: ({ authorization }) =>
    authorization !== undefined && /^basic(?: |$)/i.test(authorization),

  async authenticate(request, provider) {
    const credentials = readBasicCredentials(request.authorization)
    return requireClientWithSecret(credentials, request, provider)
  },
}
