import type { Provider } from '../configuration.ts'

/**
 * The public keys that verify what this service signs.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7517.html#section-5 RFC 7517 §5}
 */
export async function jwksEndpoint({ keys }: Provider): Promise<object> {
  return keys.jwks()
}
