import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'

import { collectLogs } from '../test-support/collect-logs.ts'
import { startProvider } from '../test-support/start-provider.ts'

const request = { grant_type: 'client_credentials' }

describe('a listener that fails', () => {
  for (const [kind, listener] of [
    [
      'throws',
      () => {
        throw new Error('no audit trail')
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('no audit trail')
      },
    ],
  ] as const)
    it(`breaks no request when it ${kind}, and is logged`, async (t) => {
      const { logger, lines } = collectLogs()
      const { events, requestToken } = await startProvider(t, { logger })
      events.on('tokenIssued', listener)

      const response = await requestToken(request)

      await setImmediate()
      assert.equal(response.status, 200)
      const [error] = lines.filter(({ level }) => level === 'error')
      assert.deepEqual(error, {
        level: 'error',
        fields: { err: new Error('no audit trail'), event: 'tokenIssued' },
        message: 'a listener of the token service failed',
      })
    })

  it('keeps no event from the listeners after it', async (t) => {
    const { events, requestToken } = await startProvider(t)
    const told: unknown[] = []
    events.on('tokenIssued', () => {
      throw new Error('no audit trail')
    })
    events.on('tokenIssued', (event) => told.push(event))

    await requestToken(request)

    assert.equal(told.length, 1)
  })
})
