import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, it } from 'node:test'

import { runProgram, startProgram } from '../test-support/run-program.ts'
import { reachable } from './reachable.ts'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

describe('reachable', () => {
  it('waits for a server that starts later', async (t) => {
    const port = await freePort()

    const waiting = reachable(`http://localhost:${port}`, `http://127.0.0.1:${port}`)
    startProgram(
      t,
      `import { createServer } from 'node:net'; createServer().listen(${port}, '127.0.0.1')`,
    )

    await waiting
  })

  it('gives up at last, and names the URL that does not answer', async (t) => {
    const url = `http://localhost:${await freePort()}`
    const program = `import { reachable } from './src/reachable.ts'
      await reachable('${url}').catch(({ message }) => console.log(message))`

    const { stdout } = await runProgram(t, program, {
      START_TIMEOUT_SECONDS: '0',
      SIMPLE_API_URL: url,
    })

    assert.equal(
      stdout,
      `nothing answers at ${url}: is simple-api running? npm start, in the folder of the samples, runs it\n`,
    )
  })
})
