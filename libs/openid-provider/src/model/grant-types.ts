/**
 * The combinations of grants that a client may be registered with. `implicit` and `hybrid` are legacy,
 * for clients that were made for them: they hand tokens through the browser, and `code` with PKCE does
 * for every kind of client what they were for. The password grant is not among them: it shows the
 * user's password to the client, and MUST NOT be used (RFC 9700 §2.4).
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-1.3 RFC 6749 §1.3}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#Authentication OIDC Core §3}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-2.1.2 RFC 9700 §2.1.2}
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
