import { browser, type Opening } from '@basics/relying-party/test-support/browser'

/** Where a browser has come to rest. */
export interface Page {
  readonly url: URL
  readonly status: number
  readonly body: string
}

/** As much of a browser as a sign-in needs, a hundred times as fast as one: cookies, redirects, and forms. */
export class HttpBrowser {
  readonly #browser = browser()

  /** Opens a page and follows redirects, up to an address that `stopAt` accepts, which is not opened. */
  async open(address: string | URL, opening: Opening = {}): Promise<Page> {
    const { response, url } = await this.#browser.open(address, opening)
    return { url, status: response.status, body: response.bodyUsed ? '' : await response.text() }
  }

  /** Sends the form of a page, with the values it has and others in addition. */
  submit(page: Page, values: Readonly<Record<string, string>> = {}): Promise<Page> {
    const { action, fields } = readForm(page)
    const body = new URLSearchParams({ ...fields, ...values })
    return this.open(action, { method: 'POST', body })
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
