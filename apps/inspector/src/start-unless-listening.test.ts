import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { startCollector } from '../test-support/start-collector.ts'
import { startUnlessListening } from './start-unless-listening.ts'

async function countStarts(url: string): Promise<number> {
  let starts = 0
  await startUnlessListening(url, () => {
    starts++
  })
  return starts
}

describe('an inspector beside a program', () => {
  it('is not started where one listens', async (t) => {
    const { url } = await startCollector(t)

    assert.equal(await countStarts(url), 0)
  })

  it('is started where a stranger listens, to say so', async (t) => {
    const { url } = await startCollector(t, { hello: 'world' })

    assert.equal(await countStarts(url), 1)
  })

  for (const url of ['http://127.0.0.1:1', 'nowhere'])
    it(`is started where nobody answers: ${url}`, async () => {
      assert.equal(await countStarts(url), 1)
    })
})
