/**
 * The combinations of grants that a client may be registered with.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-1.3 RFC 6749 §1.3}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#Authentication OIDC Core §3}
 */
export const GrantTypes = {
  clientCredentials: ['client_credentials'],
  code: ['authorization_code'],
  codeAndClientCredentials: ['authorization_code', 'client_credentials'],
  hybrid: ['hybrid'],
  hybridAndClientCredentials: ['hybrid', 'client_credentials'],
  implicit: ['implicit'],
  implicitAndClientCredentials: ['implicit', 'client_credentials'],
} as const satisfies Record<string, readonly string[]>
