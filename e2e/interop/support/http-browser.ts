/** Where a browser has come to rest. */
export interface Page {
  readonly url: URL
  readonly status: number
  readonly body: string
}

interface Cookie {
  readonly name: string
  readonly value: string
  readonly path: string
}

const maximumRedirects = 20

/**
 * As much of a browser as a sign-in needs, a hundred times as fast as one: cookies, which do not tell
 * ports apart, redirects, and forms. All servers of these tests are on one host.
 */
export class HttpBrowser {
  readonly #cookies = new Map<string, Cookie>()

  /** Opens a page and follows redirects, up to an address that `stopAt` accepts, which is not opened. */
  async open(
    address: string | URL,
    { stopAt = () => false, body }: { stopAt?: (url: URL) => boolean; body?: URLSearchParams } = {},
  ): Promise<Page> {
    let response = await this.#request(address, body && { method: 'POST', body })
    let url = new URL(address)
    for (let redirects = 0; redirects < maximumRedirects; redirects++) {
      const location = response.headers.get('location')
      const { status } = response
      if (location === null) return { url, status, body: await response.text() }
      await response.body?.cancel()
      url = new URL(location, url)
      if (stopAt(url)) return { url, status, body: '' }
      response = await this.#request(url)
    }
    throw new Error(`too many redirects, the last to ${url.href}`)
  }

  /** Sends the form of a page, with the values it has and others in addition. */
  submit(page: Page, values: Readonly<Record<string, string>> = {}): Promise<Page> {
    const { action, fields } = readForm(page)
    return this.open(action, { body: new URLSearchParams({ ...fields, ...values }) })
  }

  async #request(address: string | URL, init: RequestInit = {}): Promise<Response> {
    const { pathname } = new URL(address)
    const cookie = [...this.#cookies.values()]
      .filter(({ path }) => pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
    const response = await fetch(address, { ...init, headers: { cookie }, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) this.#keep(line)
    return response
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(line) ?? []
    const [, path = '/'] = /; *path=([^;]*)/i.exec(line) ?? []
    const [, expires = ''] = /; *expires=([^;]*)/i.exec(line) ?? []
    const key = `${path} ${name}`
    if (Date.parse(expires) <= Date.now()) this.#cookies.delete(key)
    else this.#cookies.set(key, { name, value, path })
  }
}

/** The form of a page, and the values that stand in it. */
export function readForm({ url, body }: Page) {
  const [, action = ''] = /<form[^>]* action="([^"]*)"/.exec(body) ?? []
  const inputs = body.matchAll(/<input[^>]* name="([^"]*)"[^>]* value="([^"]*)"/g)
  const fields = Object.fromEntries([...inputs].map(([, name, value]) => [name, decodeHtml(value)]))
  return { action: new URL(decodeHtml(action), url), fields: fields as Record<string, string> }
}

const characters: Readonly<Record<string, string>> = { amp: '&', quot: '"', lt: '<', gt: '>' }

function decodeHtml(html = ''): string {
  return html
    .replace(/&#(x?)([\da-f]+);/gi, (_whole, hex, digits) =>
      String.fromCodePoint(Number.parseInt(digits, hex === '' ? 10 : 16)),
    )
    .replace(/&(amp|quot|lt|gt);/g, (_whole, name) => characters[name] ?? '')
}
