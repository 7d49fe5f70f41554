import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

import express from 'express'

import type { CheckSignature } from '../src/explain/signature.ts'
import { inspector } from '../src/inspector.ts'
import type { Recording } from '../src/recording.ts'
import { exchangeHistory } from '../src/traffic/exchange-history.ts'

const unchecked: CheckSignature = async () => ({ verdict: 'unknown', sentence: 'Not checked.' })

/** What the browser says of a request that the inspector's own page makes. */
export const ownPage = { 'Sec-Fetch-Site': 'same-origin' }

/** The inspector on a free port, for as long as the test runs. */
export async function startInspector(t: TestContext, checkSignature = unchecked) {
  const { routes, end } = inspector(exchangeHistory(), checkSignature)
  const server = express().set('env', 'test').use(routes).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    end()
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`

  /** By `node:http`, since `fetch` sends no Host and no Sec-Fetch-Site of the caller's choice. */
  async function ask(path: string, init: Ask = {}): Promise<Answer> {
    const { method = 'GET', headers = {}, body } = init
    const asked = request(url + path, { method, headers, agent: false })
    asked.end(body)
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    return { status: response.statusCode, headers: response.headers, body: await text(response) }
  }

  /** As a recorder sends them. */
  function record(...recordings: Recording[]): Promise<Answer> {
    return ask('/record', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(recordings),
    })
  }
  return { url, ask, record, end }
}

interface Ask {
  method?: string
  headers?: Record<string, string>
  body?: string
}

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}
