import { randomInt } from 'node:crypto'

import type { Answer, Http } from './http.ts'

/** Fields in order, as a checkbox can be there more than once. */
export type Fields = readonly [name: string, value: string][]

/** Where a browser is: on a page of the token service, or sent away to a client. */
export interface Landing extends Answer {
  readonly url: URL
}

/** As much of a browser as a sign-in needs. It comes from an address of its own. */
export interface Browser {
  /** Follows redirects for as long as they stay at the token service. */
  open(path: string): Promise<Landing>
  /** Fills in the form of the page, with its hidden fields, and sends it. */
  submit(page: Landing, fields: Fields): Promise<Landing>
  /** The `Cookie` header that it sends. */
  cookies(): string
}

const maximumRedirects = 10

export function openBrowser(http: Http): Browser {
  const cookies = new Map<string, string>()
  const address = Array.from({ length: 3 }, () => randomInt(256)).join('.')

  const createCookieHeader = () => [...cookies].map((pair) => pair.join('=')).join('; ')

  async function open(path: string, fields?: Fields): Promise<Landing> {
    const answer = await http.request(path, {
      headers: {
        Cookie: createCookieHeader(),
        'X-Forwarded-For': `10.${address}`,
      },
      ...(fields !== undefined && { method: 'POST', body: new URLSearchParams(fields) }),
    })
    for (const line of answer.headers.getSetCookie()) keep(cookies, line)
    return { ...answer, url: new URL(answer.headers.get('location') ?? path, http.url) }
  }

  async function follow(landing: Landing, redirects = 0): Promise<Landing> {
    const leadsOn = landing.headers.has('location') && landing.url.origin === http.url
    if (!leadsOn) return landing
    if (redirects === maximumRedirects) throw new Error(`goes round in circles: ${landing.url}`)
    return follow(await open(landing.url.pathname + landing.url.search), redirects + 1)
  }

  return {
    open: async (path) => follow(await open(path)),
    submit: async (page, fields) =>
      follow(await open(page.url.pathname, [...readHiddenFields(page.body), ...fields])),
    cookies: createCookieHeader,
  }
}

function keep(cookies: Map<string, string>, line: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
  if (line.includes('Expires=Thu, 01 Jan 1970')) cookies.delete(name)
  else cookies.set(name, value)
}

/** The hidden fields of a page's forms. */
export function readHiddenFields(page: string): Fields {
  const found = page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)
  return [...found].map(([, name = '', value = '']) => [name, unescapeHtml(value)])
}

function unescapeHtml(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}
