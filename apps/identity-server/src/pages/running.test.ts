import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'

import { checkRunning } from './running.ts'

async function startServer(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  t.after(() => server.closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('checkRunning', () => {
  it('believes a server that says on /health that it is well', async (t) => {
    const url = await startServer(t, (req, res) => {
      res.end(req.url === '/health' ? '{"status":"ok"}' : '{}')
    })

    assert.equal(await checkRunning()(url), true)
  })

  for (const [what, listener] of [
    ['that is starting', (_req, res) => res.writeHead(503).end('{"status":"starting"}')],
    ['that fails', (_req, res) => res.writeHead(500).end('{"status":"ok"}')],
    ['of another kind', (_req, res) => res.end('<h1>Hello</h1>')],
    ['that answers null', (_req, res) => res.end('null')],
    ['that sends elsewhere', (_req, res) => res.writeHead(302, { location: '/ok' }).end()],
    ['that hangs up', (req) => req.socket.destroy()],
    ['that never answers', () => {}],
  ] satisfies [string, RequestListener][]) {
    it(`does not count a server ${what}`, async (t) => {
      const url = await startServer(t, (req, res) => {
        if (req.url === '/ok') res.end('{"status":"ok"}')
        else listener(req, res)
      })

      assert.equal(await checkRunning()(url), false)
    })
  }

  it('asks once in 2 s, whoever wants to know', async (t) => {
    let asked = 0
    let time = 0
    const url = await startServer(t, (_req, res) => {
      asked += 1
      res.end('{"status":"ok"}')
    })
    const isRunning = checkRunning(() => time)

    await Promise.all([isRunning(url), isRunning(url)])
    time = 1999
    await isRunning(url)
    assert.equal(asked, 1)

    time = 2000
    await isRunning(url)
    assert.equal(asked, 2)
  })
})
