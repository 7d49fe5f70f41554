import { buildAuthorizationUrlWithJAR, type CryptoKey, type PrivateKey } from 'openid-client'

import type { AuthorizationRequest } from './authorization-request.ts'

/**
 * The parameters in a JWT that the client signs (JAR): the user, and whatever sees the browser's URLs, can
 * read them and change none. All of them are inside, the state too; beside the JWT the URL has only the
 * `client_id`, which tells the provider whose key it is to be verified with.
 *
 * openid-client makes one for each sign-in: for this issuer alone (`aud`), for a minute (`exp`), with a
 * `jti` of its own, and with a `typ` that keeps it from passing for a JWT of another purpose.
 *
 * @param key Private, for signing. Its `kid`, when it has one, names it to the provider.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9101.html#section-4 RFC 9101 §4}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9101.html#section-10.8 RFC 9101 §10.8}
 */
export function signedRequestObject(key: CryptoKey | PrivateKey): AuthorizationRequest {
  return (parameters, provider) => buildAuthorizationUrlWithJAR(provider, parameters, key)
}
