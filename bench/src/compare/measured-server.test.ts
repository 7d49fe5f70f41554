import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { MeasuredServer } from './measured-server.ts'

const options = { program: 'faulty.test-process', environment: { BENCH_FAULT: 'none' }, path: '/' }

describe('a measured server', { timeout: 20_000 }, () => {
  it('answers what it is asked', async (t) => {
    const server = await start(t)

    assert.ok((await server.ask('cpu')) > 0)
    assert.ok((await server.ask('memory')).heap > 0)
  })

  it('is told apart, with how it ended, when it dies while it is asked', async (t) => {
    const server = await start(t)

    await assert.rejects(server.ask('addGrants', 1), {
      message: 'ours: its process ended with exit code 4',
    })
    await assert.rejects(server.ask('cpu'), { message: 'ours: its process ended with exit code 4' })
  })

  it('is told apart when it does not start', async () => {
    const failing = { ...options, environment: { BENCH_FAULT: 'start' } }

    await assert.rejects(MeasuredServer.start(failing, 'ours'), {
      message: 'ours: its process ended with exit code 5',
    })
  })

  it('can be stopped when it is gone already', async (t) => {
    const server = await start(t)
    await assert.rejects(server.ask('addGrants', 1))

    await server.stop()
  })
})

async function start(t: TestContext): Promise<MeasuredServer> {
  const server = await MeasuredServer.start(options, 'ours')
  t.after(() => server.stop())
  return server
}
