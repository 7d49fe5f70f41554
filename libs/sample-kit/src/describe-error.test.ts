import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'

import { describeError, describeResponse } from './describe-error.ts'

async function startServer(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The error of a request that fails. */
async function failure(url: string, options?: RequestInit): Promise<unknown> {
  return fetch(url, options).then(
    () => assert.fail('the request succeeded'),
    (error: unknown) => error,
  )
}

describe('describeError', () => {
  it('says which address refused', async (t) => {
    const url = await startServer(t, () => {})
    const { port } = new URL(url)
    const closed = createServer().listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const gone = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`
    closed.close()
    await once(closed, 'close')

    assert.notEqual(new URL(gone).port, port)
    assert.equal(
      await describeError(await failure(gone)),
      `nothing answers at ${gone.slice('http://'.length)}: is it running, and is the address right?`,
    )
  })

  it('names the app that should listen there', async () => {
    const address = { code: 'ECONNREFUSED', address: '::1', port: 5002 }
    const error = new TypeError('fetch failed', {
      cause: { code: 'ECONNREFUSED', errors: [address] },
    })

    assert.equal(
      await describeError(error),
      'nothing answers at http://localhost:5002: is simple-api running? npm start, in the folder of the samples, runs it',
    )
  })

  it('names the host that cannot be resolved', async () => {
    const cause = { code: 'ENOTFOUND', hostname: 'no.example' }

    assert.equal(
      await describeError(new TypeError('fetch failed', { cause })),
      'the host name no.example cannot be resolved: is the address right?',
    )
  })

  it('says that a server hung up', async (t) => {
    const url = await startServer(t, (req) => req.socket.destroy())

    assert.match(
      await describeError(await failure(url)),
      /^the server closed the connection without/,
    )
  })

  it('says that a server is too slow', async (t) => {
    const url = await startServer(t, (_req, res) => res.writeHead(200).flushHeaders())
    const timeout = new AbortController()
    const response = await fetch(url, { signal: timeout.signal })

    // As AbortSignal.timeout does, but not before there is a response.
    timeout.abort(new DOMException('it took too long', 'TimeoutError'))
    const error = await response.text().catch((reason: unknown) => reason)

    assert.match(await describeError(error), /^a server did not answer in time/)
  })

  it('gives the code and the description of an OAuth error', async () => {
    const response = Response.json({}, { status: 400 })
    Object.defineProperty(response, 'url', { value: 'http://localhost/token' })
    const error = Object.assign(new Error('server responded with an error in the response body'), {
      error: 'invalid_scope',
      error_description: 'scope9 is unknown',
      response,
    })

    assert.equal(
      await describeError(error),
      'http://localhost/token answered 400, invalid_scope: scope9 is unknown',
    )
  })

  it('reads the body of a refusal of which a library tells the challenge alone', async (t) => {
    const url = await startServer(t, (_req, res) => {
      res.writeHead(401, { 'www-authenticate': 'Basic', 'content-type': 'application/json' })
      res.end('{"error":"invalid_client","error_description":"wrong secret"}')
    })
    const error = Object.assign(new Error('a challenge'), { response: await fetch(url) })

    assert.equal(await describeError(error), `${url}/ answered 401, invalid_client: wrong secret`)
  })

  it('names an unexpected status', async (t) => {
    const url = await startServer(t, (_req, res) => res.writeHead(404).end('<h1>'))
    const error = new Error('unexpected HTTP response status code', { cause: await fetch(url) })

    assert.equal(await describeError(error), `${url}/ answered 404`)
  })

  it('names what was expected and what was found', async () => {
    const cause = {
      expected: 'https://a.example/',
      attribute: 'issuer',
      body: { issuer: 'https://b.example' },
    }

    assert.equal(
      await describeError(new Error('not the expected issuer', { cause })),
      'not the expected issuer: issuer is "https://b.example", expected "https://a.example/"',
    )
  })

  it('joins the messages of the causes, each once', async () => {
    const cause = new Error('parsing failed', { cause: new Error('bad JSON') })

    assert.equal(
      await describeError(new Error('parsing failed', { cause })),
      'parsing failed: bad JSON',
    )
    assert.equal(await describeError('a string'), 'a string')
  })

  it('lets no control character through to the terminal', async () => {
    assert.equal(await describeError(new Error('red \u001b[31m\nand more')), 'red  [31m and more')
  })
})

describe('describeResponse', () => {
  it("gives an API's challenge and when to try again", async (t) => {
    const url = await startServer(t, (_req, res) => {
      res.writeHead(503, {
        'www-authenticate': 'Bearer error="invalid_token", error_description="has expired"',
        'retry-after': '5',
      })
      res.end()
    })

    assert.equal(
      await describeResponse(await fetch(url)),
      `${url}/ answered 503, invalid_token: has expired (try again in 5 s)`,
    )
  })
})
