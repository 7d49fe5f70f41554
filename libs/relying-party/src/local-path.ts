/**
 * The longest path to come back to, as a JSON text, where a backslash is two characters: so it is sealed into a
 * cookie. Browsers keep one of 4096 bytes with its name and attributes (RFC 6265 §6.1), of which this makes 2700.
 */
const maximumLength = 2002

const base = new URL('http://local.invalid')

/**
 * The path and query of a URL within this app, or `/` for anything that leads elsewhere: browsers take
 * `//host` and `/\host` for another server's address, and drop tabs and newlines from between.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.11.1 RFC 9700 §4.11.1}
 */
export function localPath(value: string): string {
  if (!value.startsWith('/')) return '/'
  const url = URL.parse(value, base.href)
  if (url === null || url.origin !== base.origin) return '/'
  const path = url.pathname + url.search
  // `/.//host` has become `//host` only now.
  return path.startsWith('//') || JSON.stringify(path).length > maximumLength ? '/' : path
}
