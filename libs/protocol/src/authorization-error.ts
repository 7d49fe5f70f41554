import { printable } from './error-description.ts'

/**
 * The error codes of an authorization response: RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6, RFC 9101 §6.2,
 * RFC 8707 §2.
 */
export type AuthorizationErrorCode =
  | 'invalid_request'
  | 'unauthorized_client'
  | 'access_denied'
  | 'unsupported_response_type'
  | 'invalid_scope'
  | 'server_error'
  | 'temporarily_unavailable'
  | 'interaction_required'
  | 'login_required'
  | 'account_selection_required'
  | 'consent_required'
  | 'invalid_request_uri'
  | 'invalid_request_object'
  | 'request_not_supported'
  | 'request_uri_not_supported'
  | 'registration_not_supported'
  | 'invalid_target'

/**
 * Why an authorization request is refused. It says nothing of where to: whether the client can be told,
 * or only the user, depends on whether the redirect URI is proven by then.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2.1 RFC 6749 §4.1.2.1}
 */
export class AuthorizationError extends Error {
  override readonly name = 'AuthorizationError'
  readonly error: AuthorizationErrorCode

  constructor(error: AuthorizationErrorCode, description: string) {
    super(printable(description))
    this.error = error
  }
}
