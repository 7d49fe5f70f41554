import assert from 'node:assert/strict'
import { createServer, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'

import { memoryKeys } from '../test-support/memory-keys.ts'
import { clients, resources } from '../test-support/registrations.ts'
import { sendBytes } from '../test-support/send-bytes.ts'
import { inMemoryClients, inMemoryResources, openidProvider, openKeyRing } from './index.ts'

const discovery = '/.well-known/openid-configuration'

/**
 * The routes as a server of node:http calls them, with what the host answers where they do not.
 *
 * @param prepare is given every response before they are
 */
async function startServer(
  t: TestContext,
  prepare: (res: ServerResponse) => void = () => undefined,
): Promise<string> {
  const provider = openidProvider({
    clients: inMemoryClients(clients),
    resources: inMemoryResources(resources),
    keys: await openKeyRing({ store: memoryKeys() }),
  })
  t.after(() => provider.close())
  const server = createServer((req, res) => {
    prepare(res)
    return provider.routes(req, res, (error) => {
      if (res.headersSent) res.destroy()
      else res.writeHead(error === undefined ? 404 : 500).end('host')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  t.after(() => server.closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('routes, without Express', () => {
  it('are found whatever the case of the path, and with a query', async (t) => {
    const issuer = await startServer(t)

    for (const path of [discovery, discovery.toUpperCase(), `${discovery}?a=b`])
      assert.equal((await fetch(issuer + path)).status, 200, path)
  })

  it('are found where a proxy is asked for the whole address', async (t) => {
    const issuer = await startServer(t)
    const { promise, resolve } = Promise.withResolvers<number | undefined>()
    request(issuer, { path: issuer + discovery }, (res) => resolve(res.statusCode)).end()

    assert.equal(await promise, 200)
  })

  it('take the issuer from the connection and from Host', async (t) => {
    const issuer = await startServer(t)

    const metadata = (await (await fetch(issuer + discovery)).json()) as { issuer: string }

    assert.equal(metadata.issuer, issuer)
  })

  it('leave every other path to the host', async (t) => {
    const issuer = await startServer(t)

    for (const path of ['/', '/connect', `${discovery}/`, '/connect/token/', '//connect/token'])
      assert.equal(await (await fetch(issuer + path)).text(), 'host', path)
  })

  it('leave an answer that cannot begin to the host', async (t) => {
    const issuer = await startServer(t, failingFirst('writeHead'))

    const response = await fetch(`${issuer}/connect/token`)

    assert.deepEqual([response.status, await response.text()], [500, 'host'])
  })

  it('leave a refusal that cannot begin to the host', async (t) => {
    const issuer = await startServer(t, failingFirst('writeHead'))

    const { status } = await send(issuer, 'GET / HTTP/1.1', 'Host: a', 'Host: b')

    assert.equal(status, 500)
  })

  it('leave an answer that cannot end to the host, which breaks it off', async (t) => {
    const issuer = await startServer(t, failingFirst('end'))

    await assert.rejects(fetch(`${issuer}/connect/token`))

    assert.equal(await (await fetch(issuer)).text(), 'host')
  })

  it('leave what is asked of the whole server to the host', async (t) => {
    const issuer = await startServer(t)

    assert.equal((await send(issuer, 'OPTIONS * HTTP/1.1', 'Host: a')).body, '4\r\nhost\r\n0')
  })

  it('issue a token', async (t) => {
    const issuer = await startServer(t)

    const response = await fetch(`${issuer}/connect/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('client:secret')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })

    assert.equal(response.status, 200)
  })
})

/** Sends a request that no HTTP client would send. */
function send(issuer: string, ...head: readonly string[]) {
  const lines = [...head, 'Connection: close', '', '']
  return sendBytes(Number(new URL(issuer).port), lines.join('\r\n'))
}

/** Has the first response fail at a step, once, as a middleware may that has something to do then. */
function failingFirst(step: 'writeHead' | 'end'): (res: ServerResponse) => void {
  let isFirst = true
  return (res) => {
    if (!isFirst) return
    isFirst = false
    const { [step]: original } = res
    res[step] = () => {
      Object.assign(res, { [step]: original })
      throw new Error(`${step} failed`)
    }
  }
}
