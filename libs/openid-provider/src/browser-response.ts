import type { ProvenRedirectUri } from './authorization-response/response-target.ts'

/** A place on this server, below the path it is mounted at. */
export type LocalPath = `/${string}`

/**
 * Whether a text leads to this server whatever a browser makes of it: browsers take `\\` for `/`, and drop
 * tabs and line breaks, so `/\\evil.example` and `/\t/evil.example` lead away.
 *
 * @see {@link https://url.spec.whatwg.org/#url-parsing URL Standard §4.4}
 */
export function isLocalPath(text: string): text is LocalPath {
  return /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text)
}

/** A redirect to somewhere a client has registered, with what the response adds behind it. */
type ClientLocation = `${ProvenRedirectUri}${string}`

/** What a browser is told: to go somewhere, or to show a page. There is no way to a place unproven. */
export class BrowserResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string

  private constructor(status: number, headers: Readonly<Record<string, string>>, body: string) {
    this.status = status
    this.headers = headers
    this.body = body
  }

  /** To a client. 303, so that a form is never posted on to where it was not meant for (RFC 9700 §4.12). */
  static redirect(location: ClientLocation): BrowserResponse {
    return new BrowserResponse(303, { Location: location }, '')
  }

  /** To a page of the host. */
  static redirectHere(
    path: LocalPath,
    parameters: Readonly<Record<string, string>> = {},
  ): BrowserResponse {
    const query = new URLSearchParams(parameters).toString()
    return new BrowserResponse(303, { Location: query === '' ? path : `${path}?${query}` }, '')
  }

  static page(
    html: string,
    headers: Readonly<Record<string, string>>,
    status = 200,
  ): BrowserResponse {
    return new BrowserResponse(
      status,
      { 'Content-Type': 'text/html; charset=utf-8', ...headers },
      html,
    )
  }
}
