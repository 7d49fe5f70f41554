/**
 * What the token endpoint answers.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1 RFC 6749 §5.1}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#TokenResponse OIDC Core §3.1.3.3}
 */
export interface TokenResponse {
  readonly id_token?: string
  readonly access_token: string
  /** Seconds. */
  readonly expires_in: number
  readonly token_type: 'Bearer'
  readonly refresh_token?: string
  /** Space-separated. */
  readonly scope: string
}
