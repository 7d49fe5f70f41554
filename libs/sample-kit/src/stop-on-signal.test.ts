import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'

import { readOutcome, startServer } from '../test-support/run-program.ts'

const options = `{ stop: async () => { console.log('stopped') } }`
/** Begins its answer with the first byte of the request's body and ends it with the last. */
const slow = `app.post('/slow', (req, res) => {
  req.once('data', () => res.write('begun'))
  req.on('end', () => res.end('ended'))
})`
const slowRequest = 'POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n1'

/** Serves the app, with a patience of its own. */
const serveWith = (patience: string) => `
  const { createServer } = await import('node:http')
  const { stopOnSignal } = await import('./src/stop-on-signal.ts')
  const server = createServer(app).listen(0, () => console.log('port', server.address().port))
  const hooks = { begin() {}, end() { console.log('stopped') } }
  stopOnSignal(server, hooks, ${patience})`

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

/** A process that stops has closed its port. */
async function portIsClosed(port: number): Promise<void> {
  for (;;) {
    try {
      const socket = await open(port)
      socket.on('error', () => {}).destroy()
    } catch {
      return
    }
  }
}

describe('stopOnSignal', { concurrency: true }, () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`waits for no idle connection: ${signal}`, async (t) => {
      const { url, port, child } = await startServer(t, { options })
      await fetch(`${url}/health`) // its connection is kept alive
      await open(port) // never used
      const outcome = readOutcome(child)

      const start = performance.now()
      child.kill(signal)

      assert.deepEqual(await outcome, { code: 0, stdout: 'stopped\n', stderr: '' })
      assert.ok(performance.now() - start < 2000)
    })
  }

  it('lets a request under way finish, and reports on /health that it stops', async (t) => {
    const { port, child } = await startServer(t, { routes: slow, options })
    const socket = await open(port)
    socket.write(slowRequest)
    await once(socket, 'data')
    const outcome = readOutcome(child)
    const start = performance.now()

    child.kill('SIGTERM')
    await portIsClosed(port)
    socket.write('2GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n')

    const answers = await text(socket)
    assert.match(answers, /ended[\s\S]*HTTP\/1\.1 503[\s\S]*{"status":"stopping"}$/)
    assert.deepEqual(await outcome, { code: 0, stdout: 'stopped\n', stderr: '' })
    assert.ok(performance.now() - start < 2000, 'the connection it came on is not waited for')
  })

  it('takes it for no second signal that npm is gone, which was sent the first as well', async (t) => {
    const { port, child } = await startServer(t, {
      routes: `${slow}
        process.once('SIGTERM', () => {
          process.kill = () => {
            console.log('npm is gone')
            throw Object.assign(new Error(), { code: 'ESRCH' })
          }
        })`,
      options,
      env: { npm_lifecycle_event: 'start' },
    })
    const socket = await open(port)
    socket.write(slowRequest)
    await once(socket, 'data')

    child.kill('SIGTERM')
    await once(child.stdout.resume(), 'data')
    const outcome = readOutcome(child)
    socket.write('2')

    assert.match(await text(socket), /ended/)
    assert.deepEqual(await outcome, { code: 0, stdout: 'stopped\n', stderr: '' })
  })

  it('exits at once when a second signal comes', async (t) => {
    const { port, child } = await startServer(t, { routes: slow, options })
    const socket = await open(port)
    socket.on('error', () => {}).write(slowRequest)
    await once(socket, 'data')
    const outcome = readOutcome(child)

    child.kill('SIGTERM')
    child.kill('SIGINT')

    assert.deepEqual(await outcome, { code: 1, stdout: '', stderr: '' })
  })

  it('exits with 1 when stopping fails', async (t) => {
    const failing = `{ stop: () => { throw new Error('disk full') } }`
    const { child } = await startServer(t, { options: failing })
    const outcome = readOutcome(child)

    child.kill('SIGTERM')

    assert.equal((await outcome).code, 1)
    assert.match((await outcome).stderr, /^stopping failed: Error: disk full/)
  })

  it('answers what comes on connections that are kept alive, the last time', async (t) => {
    const routes = `${slow}
      app.get('/', (_req, res) => res.json({}))
      app.post('/late', (req, res) => req.resume().on('end', () => res.json({ late: true })))`
    const serve = serveWith('{ idle: 60_000, requests: 60_000, exit: 60_000 }')
    const { port, child } = await startServer(t, { routes, serve })
    const [idle, busy] = [await open(port), await open(port)]
    idle.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    const [first] = await once(idle, 'data')
    assert.match(String(first), /^Connection: keep-alive\r$/m)
    busy.write(slowRequest.replace('/slow', '/late'))
    const outcome = readOutcome(child)

    child.kill('SIGTERM')
    await portIsClosed(port)
    idle.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    busy.write('2')

    assert.match(await text(idle), /^HTTP\/1.1 200 [\s\S]*\nConnection: close\r\n[\s\S]*\{\}$/)
    assert.match(await text(busy), /^HTTP\/1.1 200 [\s\S]*\nConnection: close\r\n[\s\S]*"late"/)
    assert.deepEqual(await outcome, { code: 0, stdout: 'stopped\n', stderr: '' })
  })

  for (const [what, patience, stdout] of [
    ['a request', '{ idle: 50, requests: 50, exit: 60_000 }', 'stopped\n'],
    ['anything', '{ idle: 50, requests: 60_000, exit: 50 }', ''],
  ] as const) {
    it(`does not wait for ${what} for ever`, async (t) => {
      const { port, child } = await startServer(t, { routes: slow, serve: serveWith(patience) })
      const socket = await open(port)
      socket.on('error', () => {}).write(slowRequest)
      await once(socket, 'data')
      const outcome = readOutcome(child)

      child.kill('SIGTERM')

      assert.deepEqual(await outcome, { code: 0, stdout, stderr: '' })
    })
  }
})
