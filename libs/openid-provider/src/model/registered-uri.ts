/**
 * Schemes that make a browser run, open or send something in place of going somewhere.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.1 RFC 9700 §4.1}
 */
const forbiddenSchemes = new Set(
  'about blob data file ftp javascript mailto ssh tel vbscript view-source ws wss'
    .split(' ')
    .map((scheme) => `${scheme}:`),
)

/**
 * What is wrong with a URI that a client registers, as a sentence that continues from its name, or
 * undefined when nothing is.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1.2 RFC 6749 §3.1.2}
 */
export function problemWithUri(uri: string): string | undefined {
  if (!URL.canParse(uri)) return `is '${uri}', not an absolute URI such as 'https://app.example/x'`
  if (uri.length > 400) return 'is longer than 400 characters'
  if (/[^\x21-\x7e]|\\/.test(uri)) return `is '${uri}'; write spaces and non-ASCII percent-encoded`
  if (uri.includes('#')) return `is '${uri}'; it must have no fragment`
  const { protocol, username, password } = new URL(uri)
  if (forbiddenSchemes.has(protocol)) return `is '${uri}'; the scheme ${protocol} is not allowed`
  if (username !== '' || password !== '')
    return `is '${uri}'; it must hold no user name or password`
  return undefined
}

/**
 * Whether a text is an origin as a browser sends it: scheme, host and port, no path, no trailing slash.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6454.html#section-6.2 RFC 6454 §6.2}
 */
export function isCorsOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { origin, protocol, host } = new URL(text)
  return text === (origin === 'null' ? `${protocol}//${host}` : origin) && host !== ''
}
