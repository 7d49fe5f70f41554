import { buildAuthorizationUrlWithPAR } from 'openid-client'

import { ProblemError } from '../problems/problem.ts'
import type { AuthorizationRequest } from './authorization-request.ts'

/**
 * The parameters sent ahead to the provider (PAR), by the back channel and with client authentication: the
 * provider knows who asks before the user is involved, and the browser carries a reference, in which
 * nothing can be read and nothing changed. It is good for one sign-in.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9126.html#section-2 RFC 9126 §2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9126.html#section-4 RFC 9126 §4}
 */
export function pushedAuthorizationRequest(): AuthorizationRequest {
  return async (parameters, provider) => {
    if (provider.serverMetadata().pushed_authorization_request_endpoint === undefined)
      throw new ProblemError(notSupported)
    return buildAuthorizationUrlWithPAR(provider, parameters)
  }
}

const notSupported = {
  status: 502,
  title: 'The token service takes no pushed requests',
  message:
    'This application sends its requests ahead, and the token service has no address for that.',
  detail: 'no pushed_authorization_request_endpoint in its discovery document',
  action: { text: 'Home', href: '/' },
}
