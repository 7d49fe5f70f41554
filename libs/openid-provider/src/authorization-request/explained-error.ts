import { AuthorizationError, type AuthorizationErrorCode } from '@basics/protocol'

/** What the code of an error does not tell, for those who run the server and its clients. */
export type Explanation =
  | {
      readonly reason: 'unregistered_redirect_uri'
      /** Anybody's text: bounded, and printable ASCII alone. Nothing may be sent there. */
      readonly requested: string
      /** Those of the client, at most ten. Not for strangers. */
      readonly registered: readonly string[]
    }
  /** The clocks of the client and of this server may differ. */
  | { readonly reason: 'wrong_time' }

/**
 * A refusal that the log line and the error page explain; for the client it is like any other.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1.2.4 RFC 6749 §3.1.2.4}
 */
export class ExplainedError extends AuthorizationError {
  readonly explanation: Explanation
  /** The explanation in the log, which whoever sends requests can fill. */
  readonly logged: object

  constructor(
    error: AuthorizationErrorCode,
    description: string,
    explanation: Explanation,
    logged: object = explanation,
  ) {
    super(error, description)
    this.explanation = explanation
    this.logged = logged
  }
}
