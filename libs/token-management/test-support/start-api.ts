import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

import { startServer } from '@basics/protocol/test-support/start-server'

interface Call {
  readonly method: string
  readonly url: string
  readonly token: string | undefined
  readonly type: string | undefined
  readonly body: string
}

/** An API that notes the calls it gets, and answers 401 to the tokens in `refused`. */
export async function startApi(t: TestContext) {
  const api = {
    baseUrl: '',
    calls: [] as Call[],
    refused: new Set<string>(),
    refusesAll: false,
    /** Calls to /slow are judged at once and answered when this is resolved. */
    slow: Promise.withResolvers<void>(),
  }

  api.baseUrl = await startServer(t, async (request, response) => {
    const { method = '', url = '', headers } = request
    const token = headers.authorization?.replace('Bearer ', '')
    const type = headers['content-type']
    api.calls.push({ method, url, token, type, body: await text(request) })
    const isRefused = token === undefined || api.refusesAll || api.refused.has(token)
    if (url === '/slow') await api.slow.promise
    response.writeHead(isRefused ? 401 : 200).end(isRefused ? 'refused' : 'accepted')
  })
  return api
}
