import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { startProvider } from '../test-support/start-provider.ts'
import { memoryStore } from './index.ts'

describe('openidProvider', () => {
  it('closes its store when it is closed', async (t) => {
    let closed = 0
    const store = Object.assign(memoryStore(), { close: () => closed++ })
    const { provider } = await startProvider(t, { store })

    await provider.close()

    assert.equal(closed, 1)
  })
})
