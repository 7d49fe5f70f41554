/** Characters. */
export const maximumUri = 400

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
 * A host where the scheme should be. `localhost:3000/cb` is a URI, of the scheme `localhost`, and leads
 * nowhere. A port gives it away; that a scheme has no dot does not, for apps do have `myapp://cb`, though
 * theirs should be a domain name in reverse.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8252.html#section-7.1 RFC 8252 §7.1}
 */
const hostForScheme = /^(localhost:|[^/?:]+:\d{1,5}(?=[/?]|$))/i

/** For a browser that is at the same scheme already, `https:app.example/cb` is a path. */
const withoutSlashes = /^https?:(?!\/\/)/i

/** A pattern is no address, and would take in hosts that are somebody else's (RFC 9700 §4.1.1). */
const wildcardAdvice = '* is no wildcard, so register each one that is used'

/**
 * What is wrong with a URI that a client registers, as a sentence that continues from its name, or
 * undefined when nothing is.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1.2 RFC 6749 §3.1.2}
 */
export function problemWithUri(uri: string): string | undefined {
  if (!URL.canParse(uri)) return `is '${uri}', not an absolute URI such as 'https://app.example/x'`
  if (uri.length > maximumUri) return `is longer than ${maximumUri} characters`
  if (/[^\x21-\x7e]|\\/.test(uri)) return `is '${uri}'; write spaces and non-ASCII percent-encoded`
  if (uri.includes('#')) return `is '${uri}'; it must have no fragment`
  const { protocol, hostname, username, password } = new URL(uri)
  if (forbiddenSchemes.has(protocol)) return `is '${uri}'; the scheme ${protocol} is not allowed`
  if (withoutSlashes.test(uri)) return `is '${uri}'; expected '//' after '${protocol}'`
  if (hostForScheme.test(uri)) return `is '${uri}', without a scheme; is 'http://${uri}' meant?`
  if (username !== '' || password !== '')
    return `is '${uri}'; it must hold no user name or password`
  if (hostname.includes('*')) return `is '${uri}'; ${wildcardAdvice}`
  return undefined
}

/**
 * What is wrong with a URI that pages link to or show, as a sentence that continues from its name, or
 * undefined when it is a URL of the web: a link to `javascript:` would run in the page.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7591.html#section-5 RFC 7591 §5}
 */
export function problemWithPageUri(uri: string): string | undefined {
  return isWebUrl(URL.parse(uri)) ? undefined : `is '${uri}'; expected an http or https URL`
}

/**
 * What is wrong with an origin, as a sentence that continues from its name, or undefined when it is as a
 * browser sends it: http or https, host and port, no path, no trailing slash.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6454.html#section-6.2 RFC 6454 §6.2}
 */
export function problemWithOrigin(text: string): string | undefined {
  if (text.includes('*')) return `is '${text}'; ${wildcardAdvice}`
  const url = URL.parse(text)
  if (isWebUrl(url) && text === url?.origin) return undefined
  return `is '${text}'; an origin is http or https, host and port alone, such as 'https://app.example'`
}

function isWebUrl(url: URL | null): boolean {
  return url?.protocol === 'https:' || url?.protocol === 'http:'
}
