import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { describe, it } from 'node:test'

import { untilAborted } from './until-aborted.ts'

describe('untilAborted', () => {
  const never = new Promise<never>(() => {})

  it('leaves with the reason of the signal, aborted before or meanwhile', async () => {
    const controller = new AbortController()
    const waiting = untilAborted(never, controller.signal)
    controller.abort(new Error('enough'))

    await assert.rejects(waiting, { message: 'enough' })
    await assert.rejects(untilAborted(never, controller.signal), { message: 'enough' })
  })

  it('leaves nothing behind on a signal that is not aborted', async () => {
    const { signal } = new AbortController()
    assert.equal(await untilAborted(Promise.resolve('done'), signal), 'done')
    assert.equal(getEventListeners(signal, 'abort').length, 0)
  })
})
