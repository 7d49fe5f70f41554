import type { AccessToken } from './access-token.ts'
import { publish, type TokenSubject } from './events.ts'

/** Where the tokens for an API come from: a client's own, or a signed-in user's. */
export interface TokenSource {
  readonly subject: TokenSubject
  get(waiting: Waiting): Promise<AccessToken>
  /** The successor of a token that an API has refused; undefined when none can be had now. */
  replace(refused: AccessToken, waiting: Waiting): Promise<AccessToken | undefined>
}

/** For how long the caller waits: until the signal is aborted. */
export interface Waiting {
  readonly signal: AbortSignal | null | undefined
}

/** `fetch` for one API: the path is resolved against its base URL, redirects are not followed. */
export type FetchWithToken = (
  path: string | URL,
  init?: Omit<RequestInit, 'redirect'>,
) => Promise<Response>

/**
 * A `fetch` that sends an access token along, to the origin of `baseUrl` and nowhere else: a URL of
 * another origin is refused, and a redirect is returned as the response it is.
 *
 * When the API answers 401, the token is renewed and the request repeated, once. A body that can be
 * read only once (a stream) cannot be sent again: the token is renewed all the same, the 401 is
 * returned, and the caller may try again with a new stream. If no other token can be had, the 401 is
 * the answer.
 *
 * @param baseUrl Absolute. Paths resolve against it as links do: "/identity" replaces its path.
 * @throws {TypeError} for a URL of another origin. Else what `fetch` and the source of the token throw:
 *   without a token no request is sent.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750.html#section-2.1 RFC 6750 §2.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.9 RFC 9700 §4.9}
 */
export function fetchWithToken(baseUrl: string, source: () => TokenSource): FetchWithToken {
  const base = new URL(baseUrl)

  return async (path, init = {}) => {
    const url = new URL(path, base)
    if (url.origin !== base.origin)
      throw new TypeError(`the token for ${base.origin} must not be sent to ${url.origin}`)
    const tokens = source()
    const { signal } = init

    const token = await tokens.get({ signal })
    const response = await send(url, init, token)
    if (response.status !== 401) return response

    const successor = await tokens.replace(token, { signal })
    if (successor === undefined || !isReplayable(init.body)) return response
    // An unread body would keep its connection from being used again.
    await response.body?.cancel()
    const retried = await send(url, init, successor)
    const { origin, pathname } = url
    publish('retried', { ...tokens.subject, url: origin + pathname, status: retried.status })
    return retried
  }
}

function send(url: URL, init: RequestInit, token: AccessToken): Promise<Response> {
  const headers = new Headers(init.headers)
  headers.set('Authorization', `Bearer ${token.access_token}`)
  return fetch(url, { ...init, headers, redirect: 'manual' })
}

/** Of all that `fetch` takes as a body, only what is read by iterating is used up by being sent. */
function isReplayable(body: RequestInit['body']): boolean {
  return !(typeof body === 'object' && body !== null && Symbol.asyncIterator in body)
}
