/**
 * The path that every URL of an issuer begins with, as browsers see it: empty, or such as `/tenant`.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8414.html#section-2 RFC 8414 §2}
 */
export function issuerPath(issuer: string): string {
  const { pathname } = new URL(issuer)
  return pathname === '/' ? '' : pathname
}
