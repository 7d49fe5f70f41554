import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

import express from 'express'

import { type PagesOptions, pages } from '../src/pages/pages.ts'
import { accountStore, users } from '../src/users.ts'
import { type FakeSetup, fakeInteraction } from './fake-interaction.ts'

export interface PagesSetup extends FakeSetup {
  readonly issuer?: string
  readonly showDetails?: boolean
  readonly testUsers?: PagesOptions['testUsers']
}

type Fields = Readonly<Record<string, string | readonly string[]>>

/** The pages on a free port, for as long as the test runs, and a browser that keeps their cookies. */
export async function startPages(t: TestContext, setup: PagesSetup = {}) {
  const {
    issuer = 'http://localhost:5001',
    showDetails = true,
    testUsers = users,
    ...engine
  } = setup
  const { interaction, calls } = fakeInteraction(engine)
  const app = express()
  // Errors are asserted, not printed.
  app.set('env', 'test')
  // As behind one proxy, so that a test can come from any address.
  app.set('trust proxy', 1)
  app.use(pages({ issuer, interaction, accounts: accountStore, testUsers, showDetails }))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.closeAllConnections())
  t.after(() => server.close())
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const cookies = new Map<string, string>()
  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const headers = {
      ...(cookie !== '' && { cookie }),
      ...(init.headers as Record<string, string>),
    }
    const response = await fetch(origin + path, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    return response
  }

  return {
    origin,
    calls,
    cookies,
    get: (path: string, headers: Record<string, string> = {}) => request(path, { headers }),

    /** Sends a form to a path as it is: without a token, unless it is among the fields. */
    post: (path: string, fields: Fields, headers: Record<string, string> = {}) =>
      request(path, { method: 'POST', body: createBody(fields), headers }),

    /** Opens a page and sends its form, hidden fields included, with some fields filled in. */
    async submit(page: string, fields: Fields, headers: Record<string, string> = {}) {
      const html = await (await request(page)).text()
      const hidden = readHiddenFields(html)
      const path = page.split('?')[0] ?? page
      return request(path, { method: 'POST', body: createBody({ ...hidden, ...fields }), headers })
    },
  }
}

/** The hidden fields of a page's first form. */
export function readHiddenFields(html: string): Record<string, string> {
  const [, form = ''] = html.split('<form')
  const found = form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)
  return Object.fromEntries(
    [...found].map(([, name = '', value = '']) => [name, unescapeHtml(value)]),
  )
}

function unescapeHtml(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}

function createBody(fields: Fields): URLSearchParams {
  const pairs = Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, each]),
  )
  return new URLSearchParams(pairs)
}
