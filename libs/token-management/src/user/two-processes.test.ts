import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { on } from 'node:events'
import { describe, it, type TestContext } from 'node:test'

import { browser } from '@basics/relying-party/test-support/browser'

import { startApi } from '../../test-support/start-api.ts'
import { startProvider } from '../../test-support/start-provider.ts'
import { type Answer, temporaryFolder } from '../../test-support/start-web-app.ts'
import type { ClockAdvance, ProcessOptions, Report } from './two-processes.test-process.ts'

const program = new URL('two-processes.test-process.ts', import.meta.url)

/** Two processes of one web client, and a user who has signed in at the first. */
async function start(t: TestContext) {
  const [provider, api] = await Promise.all([startProvider(t), startApi(t)])
  const options = { issuer: provider.issuer, api: api.baseUrl, dataFolder: temporaryFolder(t) }
  const [first, second] = await Promise.all([startProcess(t, options), startProcess(t, options)])
  const user = browser()
  await user.open(`${first.url}/session`)
  const ask = async (url: string): Promise<Answer> => {
    const response = await user.request(url)
    assert.equal(response.status, 200)
    return (await response.json()) as Answer
  }
  return { provider, first, second, user, ask }
}

async function startProcess(t: TestContext, options: ProcessOptions) {
  const child = fork(program, [JSON.stringify(options)], { execArgv: [] })
  t.after(() => child.kill('SIGKILL'))
  return {
    url: await nextReport(child, (report) => 'url' in report && report.url),
    kill: () => child.kill('SIGKILL'),
    advanceClock: (seconds: number) => child.send({ seconds } satisfies ClockAdvance),
    /** Resolves when that many requests for the path have come in. */
    async received(path: string, count: number): Promise<void> {
      let left = count
      await nextReport(child, (report) => 'path' in report && report.path === path && --left === 0)
    },
  }
}

/** What is found in the first report in which there is anything. Fails when the process ends without one. */
async function nextReport<Found>(
  child: ChildProcess,
  find: (report: Report) => Found | false,
): Promise<Found> {
  for await (const [report] of on(child, 'message', { close: ['exit'] })) {
    const found = find(report)
    if (found !== false) return found
  }
  throw new Error(`the process ended with ${child.exitCode ?? child.signalCode}`)
}

describe('two processes that share a store', () => {
  for (const { what, seconds, good } of [
    // Who waits longer than a second goes on with the old one.
    { what: 'is due', seconds: 3600 - 60, good: ['access-1', 'access-2'] },
    { what: 'has expired', seconds: 3600, good: ['access-2'] },
  ])
    it(`make one refresh of a one-time token for 20 requests when the token ${what}`, async (t) => {
      const { provider, first, second, user, ask } = await start(t)
      const gate = Promise.withResolvers<void>()
      provider.gate = gate.promise
      const processes = [first, second]
      for (const { advanceClock } of processes) advanceClock(seconds)

      const received = processes.map((process) => process.received('/get', 10))
      const answers = Array.from({ length: 20 }, (_, n) => ask(`${processes[n % 2]?.url}/get`))
      await Promise.all(received)
      gate.resolve()

      for (const { token } of await Promise.all(answers))
        assert.ok(good.includes(token.access_token), token.access_token)
      assert.equal(provider.refreshes.length, 1)
      assert.equal(provider.isReplayed, false)
      for (const { url } of processes)
        assert.equal((await user.request(`${url}/session`)).status, 200)
    })

  it('wait for no process that died while it refreshed', async (t) => {
    const { provider, first, second, user, ask } = await start(t)
    const gate = Promise.withResolvers<void>()
    provider.gate = gate.promise
    for (const { advanceClock } of [first, second]) advanceClock(3600)

    const asked = provider.nextRefresh()
    const lost = user.request(`${first.url}/get`)
    await Promise.race([asked, lost])
    first.kill()
    await assert.rejects(lost)
    // What it asked for was never done.
    provider.instead = () => ({ status: 503, body: {} })
    gate.resolve()
    await new Promise(setImmediate)
    provider.instead = undefined

    const received = second.received('/get', 1)
    const answer = ask(`${second.url}/get`)
    await received
    assert.equal(provider.refreshes.length, 1, 'the claim holds')
    second.advanceClock(3600 + 60)

    assert.equal((await answer).token.access_token, 'access-2')
    assert.equal(provider.refreshes.length, 2)
  })
})
