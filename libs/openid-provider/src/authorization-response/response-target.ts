import type { RegisteredClient } from '../model/client.ts'

declare const proven: unique symbol

/** A redirect URI that is the client's: only `proveRedirectUri` makes one. */
export type ProvenRedirectUri = string & { readonly [proven]: true }

export type ResponseMode = 'query' | 'fragment' | 'form_post'

/** Where, and how, an authorization response goes: to a client that is known, at a URI that is its own. */
export interface ResponseTarget {
  readonly client: RegisteredClient
  readonly redirect_uri: ProvenRedirectUri
  readonly response_mode: ResponseMode
  /** Given back as it came. */
  readonly state: string | undefined
}

/**
 * Where the response goes, as the source that `form-action` has to admit. An app's own scheme has no
 * origin, and a policy cannot name an IPv6 address: of these it is the scheme.
 *
 * @see {@link https://www.w3.org/TR/CSP3/#framework-directive-source-list CSP 3 §2.3.1}
 */
export function responseOrigin({ redirect_uri }: ResponseTarget): string {
  const { origin, protocol, hostname } = new URL(redirect_uri)
  return origin === 'null' || hostname.startsWith('[') ? protocol : origin
}
