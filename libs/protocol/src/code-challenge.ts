import { hash, timingSafeEqual } from 'node:crypto'

/** Whether a text has the form of a code verifier or challenge: 43 to 128 unreserved characters. */
export function isCodeVerifier(text: string): boolean {
  return /^[A-Za-z0-9._~-]{43,128}$/.test(text)
}

/**
 * The S256 challenge of a verifier.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636.html#section-4.2 RFC 7636 §4.2}
 */
export function createCodeChallenge(code_verifier: string): string {
  return hash('sha256', code_verifier, 'base64url')
}

/**
 * Whether the verifier is the one that the challenge was made from. Without a challenge no verifier
 * may come either: a client that sends one believes that it is protected.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636.html#section-4.6 RFC 7636 §4.6}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-2.1.1 RFC 9700 §2.1.1}
 */
export function matchesCodeChallenge(
  code_verifier: string | undefined,
  code_challenge: string | undefined,
): boolean {
  if (code_challenge === undefined) return code_verifier === undefined
  if (code_verifier === undefined || !isCodeVerifier(code_verifier)) return false
  const expected = Buffer.from(code_challenge)
  const actual = Buffer.from(createCodeChallenge(code_verifier))
  return actual.length === expected.length && timingSafeEqual(actual, expected)
}
