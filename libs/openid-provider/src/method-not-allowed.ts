import { OAuthError } from '@basics/protocol'

/**
 * A request with a method that its endpoint does not take. The answer lists those that it takes.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.6 RFC 9110 §15.5.6}
 */
export class MethodNotAllowed extends OAuthError {
  /** The value of the `Allow` header. */
  readonly allow: string

  constructor(method: string | undefined, allowed: readonly string[]) {
    const description = `the method is ${method}; use ${allowed.join(' or ')}`
    super('invalid_request', description, { status: 405 })
    this.allow = allowed.join(', ')
  }
}
