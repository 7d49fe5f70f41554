/**
 * The absolute URL of a request, whatever form its target has. It can always be parsed: one request that no
 * URL can hold must not cost those that are sent to the inspector with it.
 *
 * @param target As in the request's first line: a path, `*`, or a URL.
 * @param server Scheme and host, as they were given.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9112.html#section-3.2 RFC 9112 §3.2}
 */
export function readRequestUrl(target: string, server: string): string {
  const origin = URL.parse(server)?.origin ?? 'http://localhost'
  // Put together, not resolved: `//path` is a path, and no host.
  const url = URL.parse(target.startsWith('/') ? origin + target : target, origin)
  return url?.href ?? `${origin}/`
}
