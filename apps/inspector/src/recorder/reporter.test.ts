import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { describe, it, type TestContext } from 'node:test'

import { recording } from '../../test-support/recording.ts'
import { startStranger, strangers } from '../../test-support/strangers.ts'
import type { Recording } from '../recording.ts'
import { inspectorGreeting } from './deliver.ts'
import { openReporter } from './reporter.ts'

const quick = { collect: 5, firstRetry: 10, lastRetry: 20, patience: 0, answer: 1000 }

/** For what would never come to an end. */
const soon = { timeout: 3000 }

/** Waits for what happens by itself. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate)
}

/** As the inspector refuses what is too large, or odd. */
function findRefusal(request: IncomingMessage, batch: readonly Recording[]) {
  if (Number(request.headers['content-length']) > 8 * 1024 * 1024) return 413
  return batch.some(({ app }) => app === 'odd') ? 400 : undefined
}

/** An inspector that listens and goes, on the same port. */
async function startInspector(t: TestContext) {
  const received: Recording[] = []
  const server: Server = createServer(async (request, response) => {
    const batch = (await json(request)) as Recording[]
    const status = findRefusal(request, batch)
    if (status === undefined) received.push(...batch)
    response.writeHead(status ?? 200).end(JSON.stringify(status ? {} : inspectorGreeting))
  })
  let port = 0
  async function listen(): Promise<void> {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  }
  async function stop(): Promise<void> {
    server.close()
    server.closeAllConnections()
    if (server.listening) await once(server, 'close')
  }
  await listen()
  t.after(stop)
  return { received, listen, stop, url: `http://127.0.0.1:${port}` }
}

function open(url: string, timing = quick) {
  const observed: string[] = []
  const observer = { start: () => observed.push('start'), stop: () => observed.push('stop') }
  return { observed, report: openReporter(url, observer, timing) }
}

describe('the reporter', () => {
  it('delivers what it is given, in its order', async (t) => {
    const { url, received } = await startInspector(t)
    const { report, observed } = open(url)

    for (let startedAt = 1; startedAt <= 40; startedAt++) report(recording({ startedAt }))
    await until(() => received.length === 40)

    assert.deepEqual(
      received.map(({ startedAt }) => startedAt),
      Array.from({ length: 40 }, (_, index) => index + 1),
    )
    assert.deepEqual(observed, ['start'])
  })

  it('has nothing recorded while there is no inspector, and looks for one', async (t) => {
    const { url, received, listen, stop } = await startInspector(t)
    await stop()
    const { report, observed } = open(url)
    await until(() => observed.includes('stop'))
    report(recording({ app: 'for nobody' }))

    await listen()
    await until(() => observed.length === 3)
    report(recording({ app: 'for the inspector' }))
    await until(() => received.length > 0)

    assert.deepEqual(observed, ['start', 'stop', 'start'])
    assert.deepEqual(
      received.map(({ app }) => app),
      ['for the inspector'],
    )
  })

  it('notices that the inspector has gone', async (t) => {
    const { url, received, stop } = await startInspector(t)
    const { report, observed } = open(url)
    report(recording())
    await until(() => received.length === 1)

    await stop()
    report(recording())
    await until(() => observed.includes('stop'))

    assert.deepEqual(observed, ['start', 'stop'])
  })

  it('keeps no more than 500 for an inspector that does not answer yet', async (t) => {
    const { url, received } = await startInspector(t)
    const { report } = open(url)

    for (let startedAt = 0; startedAt < 600; startedAt++) report(recording({ startedAt }))
    await until(() => received.length >= 500)
    report(recording({ startedAt: -1 }))
    await until(() => received.at(-1)?.startedAt === -1)

    assert.equal(received.length, 501)
  })

  it('delivers many that are large, as much at once as the inspector takes', soon, async (t) => {
    const { url, received } = await startInspector(t)
    const { report, observed } = open(url)
    // The bytes that JSON writes in six.
    const message = { headers: [], body: '\u0001'.repeat(64 * 1024) }

    for (let each = 0; each < 16; each++)
      report(recording({ request: message, response: { status: 200, ...message } }))
    await until(() => received.length === 16)

    assert.deepEqual(observed, ['start'])
  })

  it('goes on after one that the inspector refuses', soon, async (t) => {
    const { url, received } = await startInspector(t)
    const { report, observed } = open(url)

    for (const app of ['odd', ...Array(15).fill('beside it'), 'next']) report(recording({ app }))
    await until(() => received.length > 0)

    assert.deepEqual(
      received.map(({ app }) => app),
      ['next'],
    )
    assert.deepEqual(observed, ['start'])
  })

  for (const [does, stranger] of Object.entries(strangers))
    it(`has done with a stranger that ${does}`, soon, async (t) => {
      // At once where it cannot be the greeting, else in time.
      const answer = does === 'streams its answer' ? 60_000 : 300
      const { observed } = open(await startStranger(t, stranger), { ...quick, answer })

      await until(() => observed.includes('stop'))
    })
})
