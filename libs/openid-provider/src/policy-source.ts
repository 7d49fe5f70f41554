/**
 * Where a URI leads, as a source in a content security policy. An app's own scheme has no origin, and
 * a policy can name neither an IPv6 address nor a host with a character of its own syntax: of these it
 * is the scheme.
 *
 * @see {@link https://www.w3.org/TR/CSP3/#framework-directive-source-list CSP 3 §2.3.1}
 */
export function policySource(uri: string): string {
  const { origin, protocol, hostname } = new URL(uri)
  return origin !== 'null' && /^[\w.-]+$/.test(hostname) ? origin : protocol
}
