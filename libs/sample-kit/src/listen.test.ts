import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'

import { readOutcome, runProgram, startServer } from '../test-support/run-program.ts'

const listen = `import express from 'express'
  import { listen } from './src/listen.ts'
  import { urls } from './src/urls.ts'
  listen(express(), urls.simpleApi)`

async function takePort(t: TestContext): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return String((server.address() as AddressInfo).port)
}

/** A client that asks, takes so many bytes of the answer, and no more. */
async function requestAndRead(port: number, bytes: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  for (let read = 0; read < bytes; ) {
    await once(socket, 'readable')
    for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) read += chunk.length
  }
  return socket
}

describe('listen', { concurrency: true }, () => {
  it('serves the app on loopback and announces it', async (t) => {
    const routes = `app.get('/', (req, res) => { res.send(req.socket.localAddress) })`
    const { url, port, line } = await startServer(t, { routes })

    const response = await fetch(url)

    assert.equal(await response.text(), '127.0.0.1')
    assert.equal(response.headers.get('x-powered-by'), null)
    assert.equal(line, `simple-api listens on port ${port} and is reached at http://localhost:5002`)
  })

  it('binds every address for a URL that is not on localhost, and HOST when it is set', async (t) => {
    const address = `import express from 'express'
      import { listen } from './src/listen.ts'
      const server = listen(express(), 'https://api.example.com')
      server.on('listening', () => { console.log(server.address().address); process.exit() })`

    const open = await runProgram(t, address, { PORT: '0' })
    const chosen = await runProgram(t, address, { PORT: '0', HOST: '127.0.0.1' })

    assert.match(open.stdout, /^(::|0\.0\.0\.0)$/m)
    assert.match(chosen.stdout, /^127\.0\.0\.1$/m)
  })

  it('answers on /health, before the app is asked', async (t) => {
    const routes = `app.use(() => { throw new Error('asked') })`
    const { url } = await startServer(t, { routes })

    const response = await fetch(`${url}/health?probe`)

    assert.equal(response.status, 200)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.deepEqual(await response.json(), { status: 'ok' })
    assert.equal((await fetch(`${url}/health`, { method: 'POST' })).status, 500)
    assert.equal((await fetch(`${url}/healthy`)).status, 500)
  })

  it('answers 503 on /health as long as the server is not ready', async (t) => {
    const options = `{ ready: async () => { if (count++ < 1) throw new Error('no keys') } }`
    const { url } = await startServer(t, { routes: 'let count = 0', options })

    const before = await fetch(`${url}/health`)
    const after = await fetch(`${url}/health`)

    assert.equal(before.status, 503)
    assert.deepEqual(await before.json(), { status: 'starting' })
    assert.equal(after.status, 200)
  })

  it('lets an over-long header reach the app', async (t) => {
    const routes = `app.get('/', (req, res) => { res.json(req.headers.authorization.length) })`
    const { url } = await startServer(t, { routes })

    const response = await fetch(url, { headers: { authorization: 'x'.repeat(90 * 1024) } })

    assert.equal(await response.json(), 90 * 1024)
  })

  it('closes connections that are slow, silent or idle', async (t) => {
    const limits = `import express from 'express'
      import { listen } from './src/listen.ts'
      const server = listen(express(), 'http://localhost:5002')
      const { headersTimeout, requestTimeout, timeout, keepAliveTimeout } = server
      console.log({ headersTimeout, requestTimeout, timeout, keepAliveTimeout })
      process.exit()`

    const { stdout } = await runProgram(t, limits, { PORT: '0' })

    assert.match(stdout, /headersTimeout: 10000,\s+requestTimeout: 30000,/)
    assert.match(stdout, /timeout: 60000,\s+keepAliveTimeout: 65000\s/)
  })

  for (const [kind, reads] of Object.entries({ nothing: 0, 'a part and no more': 2 ** 20 }))
    it(`closes a connection of whose answer ${kind} is read`, async (t) => {
      const timeout = 300
      const routes = `app.get('/', (req, res) => res.send(Buffer.alloc(2 ** 26)))`
      const serve = `const server = listen(app, 'http://localhost:5002')
        server.timeout = ${timeout}
        server.on('connection', (socket) => {
          const opened = performance.now()
          socket.on('close', () => { console.log(performance.now() - opened); process.exit() })
        })`
      const { port, child } = await startServer(t, { routes, serve })
      const outcome = readOutcome(child)

      const socket = await requestAndRead(port, reads)

      t.after(() => socket.destroy())
      const milliseconds = Number((await outcome).stdout)
      assert.ok(milliseconds >= timeout, `it was closed after ${milliseconds} ms`)
    })

  it('believes as many proxies as TRUST_PROXY counts', async (t) => {
    const routes = `app.get('/', (req, res) => { res.send(req.ip) })`
    const headers = { 'x-forwarded-for': '192.0.2.1, 192.0.2.2' }
    const none = await startServer(t, { routes })
    const two = await startServer(t, { routes, env: { TRUST_PROXY: '2' } })

    assert.equal(await (await fetch(none.url, { headers })).text(), '127.0.0.1')
    assert.equal(await (await fetch(two.url, { headers })).text(), '192.0.2.1')
  })

  it('ends the process with a sentence when TRUST_PROXY is no count', async (t) => {
    const { code, stderr } = await runProgram(t, listen, { PORT: '0', TRUST_PROXY: 'yes' })

    assert.equal(code, 1)
    assert.equal(stderr, 'TRUST_PROXY is "yes": expected a whole number from 0 to 10\n')
  })

  it('ends the process with a sentence when the port is taken', async (t) => {
    const port = await takePort(t)

    const byUrl = await runProgram(t, listen, { SIMPLE_API_URL: `http://localhost:${port}` })
    const byPort = await runProgram(t, listen, { PORT: port })

    assert.deepEqual(byUrl, {
      code: 1,
      stdout: '',
      stderr: `simple-api cannot listen on port ${port}: another process does. Stop that process, or have another port with SIMPLE_API_URL=http://localhost:<port>\n`,
    })
    assert.match(byPort.stderr, /or have another port with PORT=<port>\n$/)
  })

  it('ends the process with a sentence when the address is not its own', async (t) => {
    const { code, stderr } = await runProgram(t, listen, { PORT: '0', HOST: '192.0.2.1' })

    assert.equal(code, 1)
    assert.match(
      stderr,
      /^simple-api cannot listen on port 0: .*EADDRNOTAVAIL.* Check HOST and PORT\n$/,
    )
  })

  it('asks for a port of its own behind https', async (t) => {
    const { code, stderr } = await runProgram(t, listen, { SIMPLE_API_URL: 'https://localhost:1' })

    assert.equal(code, 1)
    assert.equal(
      stderr,
      'https://localhost:1 is https: set PORT to the port that the TLS proxy in front forwards to\n',
    )
  })
})

describe('an unexpected error', { concurrency: true }, () => {
  it('becomes a bare 500, its stack on stderr without the query', async (t) => {
    const routes = `app.get('/', () => { throw Object.assign(new Error('broken'), { token: 'secret' }) })`
    const { url, child } = await startServer(t, { routes })
    const outcome = readOutcome(child)

    const response = await fetch(`${url}/?code=secret`)
    child.kill('SIGTERM')

    assert.equal(response.status, 500)
    assert.equal(await response.text(), 'Internal Server Error')
    assert.match((await outcome).stderr, /^GET \/ failed: Error: broken\n {4}at /)
    assert.doesNotMatch((await outcome).stderr, /secret/)
  })

  it('is on stderr with what it came of', async (t) => {
    const routes = `app.get('/', () => { throw new Error('broken', { cause: new Error('disk full') }) })`
    const { url, child } = await startServer(t, { routes })
    const outcome = readOutcome(child)

    await fetch(url)
    child.kill('SIGTERM')

    assert.match((await outcome).stderr, /failed: Error: broken\n.*\ncaused by Error: disk full\n/s)
  })

  it('of the request keeps its 4xx status', async (t) => {
    const routes = `app.use(express.text({ limit: 10 })); app.get('/:id', (req, res) => { res.end() })`
    const { url } = await startServer(t, { routes })

    const headers = { 'content-type': 'text/plain' }
    const tooLong = await fetch(url, { method: 'POST', headers, body: 'x'.repeat(11) })
    const broken = await fetch(`${url}/%ff`)

    assert.equal(tooLong.status, 413)
    assert.equal(await tooLong.text(), 'Payload Too Large')
    assert.equal(broken.status, 400)
  })

  it('of another server does not pass on its status', async (t) => {
    const routes = `app.get('/', () => { throw Object.assign(new Error('refused'), { status: 401 }) })`
    const { url } = await startServer(t, { routes })

    assert.equal((await fetch(url)).status, 500)
  })
})
