import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'

import { startProvider } from '../test-support/start-provider.ts'
import type { Logger } from './logger.ts'

function fail(): never {
  throw new Error('the disk is full')
}

const throws: Logger = { info: fail, warn: fail, error: fail }
const failLater = async () => fail()
const rejects: Logger = { info: failLater, warn: failLater, error: failLater }

describe('a logger that fails', () => {
  for (const [kind, logger] of Object.entries({ throws, rejects }))
    it(`breaks no request and no event when it ${kind}, and is warned of once`, async (t) => {
      const warnings: string[] = []
      const keep = ({ message }: Error) => void warnings.push(message)
      process.on('warning', keep)
      t.after(() => process.off('warning', keep))
      const { events, requestToken } = await startProvider(t, { logger })
      events.on('tokenIssued', fail)

      const first = await requestToken({ grant_type: 'client_credentials' })
      const second = await requestToken({ grant_type: 'client_credentials' })

      await setImmediate()
      assert.deepEqual([first.status, second.status], [200, 200])
      assert.deepEqual(
        warnings.filter((message) => message.includes('logger')),
        ['the logger of the token service fails, at first with: the disk is full'],
      )
    })

  it('may fail with what is no error, and cannot be made a text', async (t) => {
    const failure: unknown = Object.create(null)
    const logger = { info: () => Promise.reject(failure), warn() {}, error() {} }
    const { requestToken } = await startProvider(t, { logger })

    assert.equal((await requestToken({ grant_type: 'client_credentials' })).status, 200)
    await setImmediate()
  })
})
