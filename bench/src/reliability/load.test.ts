import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

import { describeLoad, type Load, requireGoodLoad, runLoad } from './load.ts'

describe('a load', () => {
  it('counts what a flow takes from when it was due, though all workers were busy then', async () => {
    let stall: Promise<void> | undefined
    const stalls = async () => {
      stall ??= delay(300)
      await stall
    }

    const { durations } = await runLoad('', [stalls], { seconds: 1, rate: 100 })

    // The 16 workers have all begun after 150 ms; the next flow is due 10 ms later, and begins after the stall.
    assert.ok(Number(durations[16]) > 100, `it took ${durations[16]} ms`)
  })

  it('counts it from its beginning, where as much is done as will go', async () => {
    const { durations, seconds } = await runLoad('', [() => delay(5)], { seconds: 0.1 })

    const sum = durations.reduce((total, each) => total + each, 0)
    assert.ok(sum <= 16 * seconds * 1000, `16 workers took ${sum} ms in ${seconds} s`)
  })

  it('tells flows from the requests that they are', async (t) => {
    const url = await startServer(t)
    const load = await runLoad(url, [(http) => twice(() => http.request('/'))], { seconds: 0.1 })

    assert.deepEqual(load.errors, [])
    assert.equal(load.durations.length, load.flows)
    assert.equal(load.requests, 2 * load.flows)
  })

  it('is described with the slowest, which the 99th of 100 is not', () => {
    const durations = Array.from({ length: 200 }, (_, index) => index + 1)

    assert.equal(
      describeLoad({ ...noLoad, flows: 200, requests: 400, durations }),
      '200 flows of 400 requests, p50 100.0 ms, p99 198.0 ms, at most 200.0 ms',
    )
  })

  it('is good without an error, and with none that took too long', () => {
    const load = { ...noLoad, durations: [1, 300, 2] }

    requireGoodLoad(load)
    requireGoodLoad(load, 300)
    assert.throws(() => requireGoodLoad(load, 299), /a flow took 300 ms, and may take 299/)
    assert.throws(() => requireGoodLoad({ ...load, errors: [new Error('refused')] }), /refused/)
  })
})

const noLoad: Load = { flows: 0, requests: 0, durations: [], errors: [], seconds: 1 }

async function twice(act: () => Promise<unknown>): Promise<void> {
  await act()
  await act()
}

async function startServer(t: TestContext): Promise<string> {
  const server = createServer((_, res) => res.end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
