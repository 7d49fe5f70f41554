import type { AuthorizationErrorCode } from './authorization-error.ts'
import { printable } from './error-description.ts'

/**
 * The error codes of the back channel, each in the section that defines it:
 * RFC 6749 §5.2 (token), RFC 7009 §2.2.1 (revocation), RFC 8707 §2 (resource indicators), those of
 * an authorization response when the request was pushed (RFC 9126 §2.3), and
 * `server_error`, `temporarily_unavailable` borrowed from RFC 6749 §4.1.2.1 for failures of our own.
 */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'unsupported_token_type'
  | 'invalid_target'
  | 'server_error'
  | 'temporarily_unavailable'
  | AuthorizationErrorCode

export interface OAuthErrorOptions {
  /** HTTP status; by default the one that the error code stands for. */
  readonly status?: number
  readonly cause?: unknown
}

const statuses: Partial<Record<OAuthErrorCode, number>> = {
  invalid_client: 401,
  server_error: 500,
  temporarily_unavailable: 503,
}

/**
 * A refusal that the other side is told about, as `error` and `error_description`. Its description is
 * for the client's developer; characters the specification does not allow in it become `?`, so parts
 * of a request may be quoted in it.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 RFC 6749 §5.2}
 */
export class OAuthError extends Error {
  override readonly name = 'OAuthError'
  readonly error: OAuthErrorCode
  readonly status: number

  constructor(error: OAuthErrorCode, description: string, options: OAuthErrorOptions = {}) {
    super(printable(description), { cause: options.cause })
    this.error = error
    this.status = options.status ?? statuses[error] ?? 400
  }

  /** The response body. */
  toJSON(): { error: OAuthErrorCode; error_description: string } {
    return { error: this.error, error_description: this.message }
  }
}
