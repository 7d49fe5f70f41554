/** Where a browser ends up: on a page of the server, or sent away to somewhere else. */
export interface Landing {
  readonly status: number
  /** Of the page, or where the server sends the browser to. */
  readonly url: URL
  /** The parameters of the URL: of its query, or of its fragment when it has one. */
  readonly parameters: Readonly<Record<string, string>>
  readonly headers: Headers
  /** The page; empty when the browser was sent away. */
  readonly body: string
}

const maximumRedirects = 10

/**
 * As much of a browser as a sign-in needs: it keeps cookies, by the rules for their paths, and follows
 * redirects for as long as they stay at the server.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6265.html#section-5.1.4 RFC 6265 §5.1.4}
 */
export class Browser {
  readonly #origin: string
  readonly #cookies = new Map<string, { value: string; path: string }>()

  constructor(origin: string) {
    this.#origin = origin
  }

  /** The `Cookie` header for a path. */
  cookiesFor(path: string): string {
    return [...this.#cookies]
      .filter(([, cookie]) => path.startsWith(cookie.path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')
  }

  /** The value of a cookie, empty when there is none. */
  cookie(name: string): string {
    return this.#cookies.get(name)?.value ?? ''
  }

  setCookie(name: string, value: string, path = '/'): void {
    this.#cookies.set(name, { value, path })
  }

  async open(url: string | URL, init: RequestInit = {}): Promise<Landing> {
    let next = new URL(url, this.#origin)
    let request: RequestInit = init
    for (let redirects = 0; redirects < maximumRedirects; redirects++) {
      const response = await this.#send(next, request)
      const { status, headers } = response
      const location = headers.get('location')
      const here = location === null ? next : new URL(location, next)
      if (location === null || here.origin !== this.#origin) {
        const body = await response.text()
        return { status, url: here, parameters: readParameters(here), headers, body }
      }
      await response.body?.cancel()
      next = here
      request = {}
    }
    throw new Error(`more than ${maximumRedirects} redirects, the last one to ${next}`)
  }

  async #send(url: URL, init: RequestInit): Promise<Response> {
    const cookie = this.cookiesFor(url.pathname)
    const headers = { ...init.headers, ...(cookie !== '' && { cookie }) }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) this.#keep(line)
    return response
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ')
    const [name = '', value = ''] = pair.split('=', 2)
    const path = attributes.find((each) => each.startsWith('Path='))?.slice('Path='.length) ?? '/'
    if (attributes.some((each) => each.startsWith('Expires=Thu, 01 Jan 1970')))
      this.#cookies.delete(name)
    else this.setCookie(name, value, path)
  }
}

function readParameters({ search, hash }: URL): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(hash === '' ? search : hash.slice(1)))
}
