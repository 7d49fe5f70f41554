import type { AuthorizationError } from '@basics/protocol'

import type { ResponseTarget } from '../authorization-response/response-target.ts'

/**
 * A refusal that goes back to the client. It cannot be made without a target, that is a proven URI.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2.1 RFC 6749 §4.1.2.1}
 */
export class RefusedAtClient extends Error {
  override readonly name = 'RefusedAtClient'
  readonly target: ResponseTarget
  readonly error: AuthorizationError
  /** What the client is told besides. */
  readonly parameters: Readonly<Record<string, string>>

  constructor(
    target: ResponseTarget,
    error: AuthorizationError,
    parameters: Readonly<Record<string, string>> = {},
  ) {
    super(error.message)
    this.target = target
    this.error = error
    this.parameters = parameters
  }
}
