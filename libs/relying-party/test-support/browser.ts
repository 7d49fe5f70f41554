interface Cookie {
  readonly name: string
  readonly value: string
  readonly host: string
  readonly path: string
  /** As the server sent it. */
  readonly line: string
}

/** What the first request is, and where the last redirect leads. */
export interface Opening extends RequestInit {
  readonly stopAt?: (url: URL) => boolean
}

const maximumRedirects = 20

/** A browser as far as cookies and redirects go. Like one, it does not tell ports apart. */
export function browser() {
  const jar = new Map<string, Cookie>()

  function keep(url: URL, line: string): void {
    const [pair = '', ...attributes] = line.split(/; */)
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/.exec(pair) ?? []
    const read = (attribute: string) =>
      attributes.find((text) => text.toLowerCase().startsWith(`${attribute}=`))?.split('=')[1]
    const path = read('path') ?? '/'
    const key = `${url.hostname} ${path} ${name}`
    const expires = read('expires')
    if (expires !== undefined && Date.parse(expires) <= Date.now()) jar.delete(key)
    else jar.set(key, { name, value, host: url.hostname, path, line })
  }

  function cookieHeader(url: URL): string {
    return [...jar.values()]
      .filter(({ host, path }) => host === url.hostname && url.pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
  }

  /** One request, no redirect followed. */
  async function request(address: string | URL, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address)
    const cookie = cookieHeader(url)
    const headers = new Headers(init.headers)
    if (cookie !== '') headers.set('Cookie', cookie)
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) keep(url, line)
    return response
  }

  /** Follows redirects until there is a page, or one leads to an address that `stopAt` accepts: that is not opened. */
  async function open(
    address: string | URL,
    { stopAt = () => false, ...init }: Opening = {},
  ): Promise<{ response: Response; url: URL }> {
    let url = new URL(address)
    let response = await request(url, init)
    for (let redirects = 0; redirects < maximumRedirects; redirects++) {
      const location = response.headers.get('location')
      if (location === null) return { response, url }
      await response.body?.cancel()
      url = new URL(location, url)
      if (stopAt(url)) return { response, url }
      response = await request(url)
    }
    throw new Error(`too many redirects, the last to ${url.href}`)
  }

  const cookies = () => [...jar.values()]
  const setCookies = (others: readonly Cookie[]) => {
    for (const cookie of others) jar.set(`${cookie.host} ${cookie.path} ${cookie.name}`, cookie)
  }
  return { request, open, cookies, setCookies }
}

export type Browser = ReturnType<typeof browser>
