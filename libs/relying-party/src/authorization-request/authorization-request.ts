import type { Configuration } from 'openid-client'

/**
 * How an authorization request travels to the provider: in the query, signed, or pushed ahead. Given the
 * parameters and the discovered provider, it answers with the URL that the browser is sent to.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.1 RFC 6749 §4.1.1}
 */
export type AuthorizationRequest = (
  parameters: Readonly<Record<string, string>>,
  provider: Configuration,
) => Promise<URL>
