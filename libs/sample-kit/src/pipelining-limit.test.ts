import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'

import { readOutcome, startServer } from '../test-support/run-program.ts'

const request = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'
const last = request.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')
/** Says how often it was asked, so that it is seen what was spent on requests that nobody may send. */
const routes = `let asked = 0
  app.get('/', (req, res) => { asked++; setImmediate(() => res.send('answer')) })`
const options = `{ stop: () => { console.log('asked', asked) } }`

/** What comes back of bytes that are sent at once, until the connection is closed. */
async function send(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes)
  return text(socket).catch(() => '')
}

describe('requests that are sent ahead of the answers', { concurrency: true }, () => {
  it('are answered in order, a few', async (t) => {
    const { port } = await startServer(t, { routes })

    const answers = await send(port, request.repeat(16) + last)

    assert.equal(answers.match(/^answer/gm)?.length, 17)
  })

  it('are as good later on the same connection', async (t) => {
    const { port } = await startServer(t, { routes })
    const socket = connect(port, '127.0.0.1')
    let answers = ''
    const rounds = 5
    socket.write(request.repeat(16))
    for await (const chunk of socket.setEncoding('utf8')) {
      const before = Math.floor(count(answers) / 16)
      answers += chunk
      const now = Math.floor(count(answers) / 16)
      if (now > before && now < rounds) socket.write(request.repeat(16))
      if (now === rounds) break
    }

    assert.equal(count(answers), rounds * 16)
  })

  it('close the connection when they are many, and cost no more', async (t) => {
    const { port, url, child } = await startServer(t, { routes, options })

    const answers = await send(port, request.repeat(1_000))

    assert.ok(count(answers) <= 17)
    assert.equal((await fetch(url)).status, 200)
    const outcome = readOutcome(child)
    child.kill('SIGTERM')
    assert.equal((await outcome).stdout, 'asked 18\n')
  })
})

function count(answers: string): number {
  return answers.match(/answer/g)?.length ?? 0
}
