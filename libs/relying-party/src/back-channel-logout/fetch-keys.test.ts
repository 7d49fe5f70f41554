import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import { startServer } from '@basics/protocol/test-support/start-server'

import { answerWith } from '../../test-support/start-fake-provider.ts'
import { fetchKeys } from './fetch-keys.ts'

const keySet = { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'a' }] }

async function start(t: TestContext) {
  const served = { answer: answerWith(200, keySet) as RequestListener, requests: 0 }
  const url = await startServer(t, (req, res) => {
    served.requests++
    served.answer(req, res)
  })
  const clock = { seconds: 1_800_000_000 }
  const fetchFrom = fetchKeys(() => clock.seconds)
  const ask = () =>
    fetchFrom(url, {
      headers: new Headers(),
      method: 'GET',
      redirect: 'manual',
      signal: AbortSignal.timeout(1000),
    })
  return { served, clock, ask }
}

describe('fetchKeys', () => {
  it('answers with the key set', async (t) => {
    const { ask } = await start(t)

    assert.deepEqual(await (await ask()).json(), keySet)
  })

  it('waits 1 s after a failure, then 2 s, up to 30 s, and recovers', async (t) => {
    const { served, clock, ask } = await start(t)
    served.answer = answerWith(503, {})

    for (const [index, pause] of [1, 2, 4, 8, 16, 30, 30].entries()) {
      const retryAt = clock.seconds + pause
      const error = await ask().catch((thrown) => thrown)
      assert.equal(error.name, 'KeysUnavailable')
      assert.equal(error.retryAt, retryAt)
      clock.seconds += pause - 0.1
      assert.equal(await ask().catch((thrown) => thrown), error, 'the same one')
      assert.equal(served.requests, index + 1)
      clock.seconds += 0.1
    }

    served.answer = answerWith(200, keySet)
    await ask()
    served.answer = answerWith(503, {})
    await assert.rejects(ask(), { retryAt: clock.seconds + 1 }, 'back-off begins anew')
  })

  for (const [what, answer] of [
    ['leads elsewhere', answerWith(302, keySet, { Location: '/' })],
    ['is no JSON', (_req, res) => res.end('<!doctype html>')],
    ['is no key set', answerWith(200, { keys: 'none' })],
    ['does not come', (req) => req.socket.destroy()],
  ] satisfies [string, RequestListener][])
    it(`takes it for a failure when the answer ${what}`, async (t) => {
      const { served, ask } = await start(t)
      served.answer = answer

      await assert.rejects(ask(), { name: 'KeysUnavailable' })
      await assert.rejects(ask(), { name: 'KeysUnavailable' })
      assert.equal(served.requests, 1)
    })
})
