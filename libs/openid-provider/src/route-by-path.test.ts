import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, it } from 'node:test'

import { routeByPath } from './route-by-path.ts'

describe('routes by path', () => {
  it('hand on what a handler fails with', async () => {
    const failure = new Error('failed')
    const routes = routeByPath({ '/a': () => Promise.reject(failure) })
    const handedOn: unknown[] = []

    const req = { url: '/a' } as IncomingMessage
    await routes(req, {} as ServerResponse, (error) => handedOn.push(error))

    assert.deepEqual(handedOn, [failure])
  })
})
