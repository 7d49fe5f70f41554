/** What a token is for, when it is not what is asked for by default. */
export interface TokenTarget {
  /** Space-separated, in any order. */
  readonly scope?: string
  /** The API that the token is for (RFC 8707). */
  readonly resource?: string
}

/**
 * The parameters of a token request for this target. The order of scope values means nothing, so it must
 * not make two tokens out of one.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.3 RFC 6749 §3.3}
 * @see {@link https://www.rfc-editor.org/rfc/rfc8707.html#section-2.2 RFC 8707 §2.2}
 */
export function createParameters({ scope, resource }: TokenTarget) {
  const values = new Set(scope?.split(' ').filter((value) => value !== ''))
  return {
    ...(values.size > 0 && { scope: [...values].sort().join(' ') }),
    ...(resource !== undefined && { resource }),
  }
}
