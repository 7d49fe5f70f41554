import { OAuthError } from './oauth-error.ts'

const maximumScope = 300

/**
 * Reads a space-separated scope into its values, in the order given, each once.
 *
 * @throws {OAuthError} `invalid_scope` when a value has a character that scope values cannot have, or
 *   the whole is longer than 300 characters.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.3 RFC 6749 §3.3}
 */
export function readScope(scope: string): string[] {
  if (scope.length > maximumScope)
    throw new OAuthError('invalid_scope', `scope is longer than ${maximumScope} characters`)
  const values = scope.split(' ').filter((value) => value !== '')
  if (!values.every(isScopeValue))
    throw new OAuthError('invalid_scope', 'scope has a character that scope values cannot have')
  return [...new Set(values)]
}

/** Whether a text can be a scope value: printable ASCII without space, quote and backslash. */
export function isScopeValue(text: string): boolean {
  return /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(text)
}
