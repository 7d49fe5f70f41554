import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { runRecorded } from '../test-support/run-recorded.ts'
import { startCollector } from '../test-support/start-collector.ts'
import { startStranger, strangers } from '../test-support/strangers.ts'
import { inspectorGreeting } from './recorder/deliver.ts'
import type { Recording } from './recording.ts'

/** A program that asks a server of its own, prints what came of it, and ends. */
function askItself({ path = '/path?a=b', init = '{}', answer = "response.end('ok')" } = {}) {
  return `
    import { createServer } from 'node:http'
    import { text } from 'node:stream/consumers'
    const server = createServer(async (request, response) => {
      const body = await text(request)
      response.setHeader('Content-Type', 'text/plain')
      ${answer}
    })
    server.listen(0, '127.0.0.1', async () => {
      const url = 'http://127.0.0.1:' + server.address().port + '${path}'
      const answer = await fetch(url, ${init}).then((response) => response.text(), String)
      console.log(answer)
      server.close()
    })`
}

/** A program whose client hangs up as soon as the server has begun to answer. */
function giveUp(answer: string) {
  return `
    import { createServer, request } from 'node:http'
    const server = createServer((asked, response) => {
      response.setHeader('Content-Type', 'text/plain')
      ${answer}
      asked.socket.once('close', () => server.close())
      setImmediate(() => client.destroy())
    })
    let client
    server.listen(0, '127.0.0.1', () => {
      client = request({ port: server.address().port, host: '127.0.0.1' })
      client.on('error', () => {}).on('response', () => {}).end()
    })`
}

/** A program that sends its server what no client of Node's would. */
function askRaw(request: string) {
  return `
    import { createServer } from 'node:http'
    import { connect } from 'node:net'
    const server = createServer((request, response) => response.end())
    server.listen(0, '127.0.0.1', () => {
      const socket = connect(server.address().port, '127.0.0.1')
      socket.end('${request}\\r\\nConnection: close\\r\\n\\r\\n')
      socket.pipe(process.stdout)
      socket.on('close', () => server.close())
    })`
}

/** A program that asks a server of its own many times at once. */
function askOften(times: number) {
  return `
    import { createServer } from 'node:http'
    const server = createServer((request, response) => response.end())
    server.listen(0, '127.0.0.1', async () => {
      const url = 'http://127.0.0.1:' + server.address().port
      await Promise.all(Array.from({ length: ${times} }, () => fetch(url)))
      console.log('ok')
      server.close()
    })`
}

async function recordRun(t: TestContext, source: string) {
  const { recordings, url } = await startCollector(t)
  const outcome = await runRecorded(source, { INSPECTOR_URL: url })
  const find = (side: Recording['side']) => recordings.find((each) => each.side === side)
  return { ...outcome, recordings, client: find('client'), server: find('server') }
}

// At its end a program waits two seconds for its inspector. So few at once get their answer by then on a busy machine.
describe('the recorder', { concurrency: 4 }, () => {
  it('records an exchange on both sides, which the connection tells to be one', async (t) => {
    const { client, server, stdout } = await recordRun(
      t,
      askItself({
        init: "{ method: 'POST', body: new URLSearchParams({ code: 'c' }) }",
        answer: "response.writeHead(201).end('got ' + body)",
      }),
    )

    assert.equal(stdout, 'got code=c\n')
    assert.ok(client && server)
    for (const { request, response, method, url } of [client, server]) {
      assert.equal(method, 'POST')
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/path\?a=b$/)
      assert.equal(request.body, 'code=c')
      assert.equal(response?.status, 201)
      assert.equal(response?.body, 'got code=c')
      const type = response?.headers.find(([name]) => name.toLowerCase() === 'content-type')
      assert.equal(type?.[1], 'text/plain')
    }
    assert.match(client.connection, /^\d+-\d+$/)
    assert.equal(client.connection, server.connection)
    assert.ok(client.startedAt <= server.startedAt)
  })

  it('records the headers of a head that is written at once', async (t) => {
    const answer =
      "response.removeHeader('Content-Type'); response.writeHead(404, { Link: '/there' }).end()"
    const { server } = await recordRun(t, askItself({ answer }))

    assert.equal(server?.response?.status, 404)
    assert.deepEqual(
      server.response.headers.find(([name]) => name === 'Link'),
      ['Link', '/there'],
    )
  })

  it('records the address that was asked for, whatever the app makes of it', async (t) => {
    const answer = "request.url = '/mounted'; response.end('ok')"
    const { server } = await recordRun(t, askItself({ answer }))

    assert.match(`${server?.url}`, /:\d+\/path\?a=b$/)
  })

  it('takes the time of an answer before whoever asked can act on it', async (t) => {
    const { client, server } = await recordRun(t, askItself())

    assert.ok(client && server)
    assert.ok(server.startedAt < server.endedAt && server.endedAt <= client.endedAt)
  })

  it('adds nothing to what is sent', async (t) => {
    const headers = '{ headers: { Accept: "text/plain" } }'
    const answer = 'response.end(JSON.stringify(request.rawHeaders))'
    const { stdout, client } = await recordRun(t, askItself({ init: headers, answer }))

    const names = (JSON.parse(stdout) as string[]).filter((_, index) => index % 2 === 0)
    assert.deepEqual(
      names,
      client?.request.headers.map(([name]) => name),
    )
    assert.ok(!names.some((name) => /inspect|record|trace/i.test(name)))
  })

  it('keeps the first 64 KiB of a body, and passes all of it on', async (t) => {
    const answer = "for (let i = 0; i < 5; i++) response.write('x'.repeat(20_000)); response.end()"
    const { stdout, client, server } = await recordRun(t, askItself({ answer }))

    assert.equal(stdout.length, 100_000 + 1)
    for (const side of [client, server]) {
      assert.equal(side?.response?.body, 'x'.repeat(64 * 1024))
      assert.equal(side?.response?.omitted, 'rest')
    }
  })

  it('keeps nothing of what is no text', async (t) => {
    const answer = "response.setHeader('Content-Type', 'image/png').end(Buffer.from([1, 2]))"
    const { client, server } = await recordRun(t, askItself({ answer }))

    for (const side of [client, server]) {
      assert.equal(side?.response?.body, '')
      assert.equal(side?.response?.omitted, 'binary')
    }
  })

  it('records why no answer came', async (t) => {
    const { client, stdout } = await recordRun(t, askItself({ answer: 'response.destroy()' }))

    assert.match(stdout, /fetch failed/)
    assert.equal(client?.response, undefined)
    assert.match(client?.error ?? '', /other side closed/)
  })

  for (const [what, answer, response] of [
    ['before an answer', '', undefined],
    ['in the middle of an answer', "response.write('begun')", { status: 200, body: 'begun' }],
  ] as const)
    it(`records what a client gives up ${what}`, async (t) => {
      const { server, code } = await recordRun(t, giveUp(answer))

      assert.equal(code, 0)
      assert.equal(server?.error, 'the connection was closed before the answer was complete')
      const { status, body } = server.response ?? {}
      assert.deepEqual(server.response && { status, body }, response)
      assert.ok(server.endedAt >= server.startedAt)
    })

  for (const [what, init] of [
    ['of a request for the head alone', "{ method: 'HEAD' }"],
    ['with a status that has none', '{}'],
  ] as const)
    it(`records no body ${what}`, async (t) => {
      const status = init === '{}' ? 304 : 200
      const answer = `response.statusCode = ${status}; response.end('not sent')`
      const { server } = await recordRun(t, askItself({ init, answer }))

      assert.equal(server?.response?.status, status)
      assert.equal(server.response.body, '')
      assert.equal(server.error, undefined)
    })

  it('leaves the mistakes of an app to the app', async (t) => {
    const answer = `response.setHeader('Content-Length', 7)
      try { response.end('x', 'nonsense') } catch { response.end('refused') }`
    const { server, stdout, stderr } = await recordRun(t, askItself({ answer }))

    assert.deepEqual([stdout, stderr], ['refused\n', ''])
    assert.match(server?.response?.body ?? '', /refused$/)
  })

  for (const [request, url] of [
    [String.raw`OPTIONS * HTTP/1.1\r\nHost: localhost:5001`, 'http://localhost:5001/*'],
    [String.raw`GET /path HTTP/1.1\r\nHost: a b`, 'http://localhost/path'],
    [String.raw`GET http://proxied/path HTTP/1.1\r\nHost: proxied`, 'http://proxied/path'],
  ] as const)
    it(`records ${request}`, async (t) => {
      const { server, stdout } = await recordRun(t, askRaw(request))

      assert.match(stdout, /^HTTP\/1\.1 200 OK/)
      assert.equal(server?.url, url)
    })

  it('records a path with an empty first segment', async (t) => {
    const { client, server, stderr } = await recordRun(t, askItself({ path: '//' }))

    assert.equal(stderr, '')
    assert.match(client?.url ?? '', /^http:\/\/127\.0\.0\.1:\d+\/\/$/)
    assert.equal(client?.url, server?.url)
  })

  for (const path of ['/health', '/assets/style.css', '/favicon.ico', '/jose/index.js?v=1'])
    it(`leaves out ${path}`, async (t) => {
      const { recordings, stdout } = await recordRun(t, askItself({ path }))

      assert.equal(stdout, 'ok\n')
      assert.deepEqual(recordings, [])
    })

  it('leaves out what the inspector asks', async (t) => {
    const init = "{ headers: { 'User-Agent': 'basics-inspector' } }"
    const { client, server } = await recordRun(t, askItself({ init }))

    assert.ok(client)
    assert.equal(server, undefined)
  })

  it('delivers what a program did that ends before the inspector has answered', async (t) => {
    const { recordings, url } = await startCollector(t, undefined, { unanswered: 1 })
    const { code } = await runRecorded(askItself(), { INSPECTOR_URL: url })

    assert.equal(code, 0)
    assert.deepEqual(recordings.map(({ side }) => side).sort(), ['client', 'server'])
  })

  it('refuses to run in production', async () => {
    const { code, stdout, stderr } = await runRecorded('console.log(1)', { NODE_ENV: 'production' })

    assert.deepEqual([code, stdout], [1, ''])
    assert.match(stderr, /^The recorder shows secrets .* NODE_ENV=production[^\n]*\n$/)
  })

  for (const url of ['http://inspector.example:5010', 'https://localhost:5010', 'nowhere'])
    it(`refuses to send what it saw to ${url}`, async () => {
      const { code, stdout, stderr } = await runRecorded('console.log(1)', { INSPECTOR_URL: url })

      assert.deepEqual([code, stdout], [1, ''])
      assert.match(stderr, /^INSPECTOR_URL is "[^\n]*\n$/)
    })
})

describe('the recorder without an inspector that works', { concurrency: true }, () => {
  it('costs a program nothing and says nothing', async () => {
    const source = `${askItself()}
      await import('node:timers/promises').then((timers) => timers.setTimeout(600))`
    const { code, stdout, stderr } = await runRecorded(source, {
      INSPECTOR_URL: 'http://127.0.0.1:1',
    })

    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: 'ok\n', stderr: '' })
  })

  it('sends nothing to a stranger on the port of the inspector', async (t) => {
    const { recordings, url } = await startCollector(t, { status: 'ok' })
    const { stdout } = await runRecorded(askItself(), { INSPECTOR_URL: url })

    assert.equal(stdout, 'ok\n')
    assert.deepEqual(recordings, [])
  })

  for (const [does, stranger] of Object.entries(strangers))
    it(`ends with the program, whose inspector's port has a stranger that ${does}`, {
      timeout: 60_000,
    }, async (t) => {
      const outcome = await runRecorded(askItself(), {
        INSPECTOR_URL: await startStranger(t, stranger),
      })

      assert.deepEqual(outcome, { code: 0, stdout: 'ok\n', stderr: '' })
    })

  it('ends with the program, whose inspector takes long for each call', {
    timeout: 60_000,
  }, async (t) => {
    const url = await startStranger(t, (request, response) => {
      const answer = () => response.end(JSON.stringify(inspectorGreeting))
      request.resume().on('end', () => setTimeout(answer, 1000))
    })
    // Two thousand recordings, of which a call takes 16: it would be at it for two minutes.
    const { stdout } = await runRecorded(askOften(1_000), { INSPECTOR_URL: url })

    assert.equal(stdout, 'ok\n')
  })
})
