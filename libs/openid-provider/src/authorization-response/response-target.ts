import type { RegisteredClient } from '../model/client.ts'
import { policySource } from '../policy-source.ts'

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

/** Where the response goes, as the source that `form-action` has to admit. */
export function responseOrigin({ redirect_uri }: ResponseTarget): string {
  return policySource(redirect_uri)
}
