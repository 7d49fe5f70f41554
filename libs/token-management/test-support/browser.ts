/** A browser as far as cookies and redirects go. Like one, it does not tell ports apart. */
export function browser() {
  const cookies = new Map<string, string>()

  /** One request, no redirect followed. */
  async function request(url: string | URL): Promise<Response> {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const response = await fetch(url, { headers: { cookie }, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/; Expires=Thu, 01 Jan 1970/.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }

  /** Follows redirects until there is a page. */
  async function open(address: string | URL): Promise<Response> {
    let url = new URL(address)
    for (;;) {
      const response = await request(url)
      const location = response.headers.get('location')
      if (location === null) return response
      await response.body?.cancel()
      url = new URL(location, url)
    }
  }

  return { request, open }
}
