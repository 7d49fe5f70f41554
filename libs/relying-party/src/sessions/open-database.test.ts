import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { Worker } from 'node:worker_threads'

import { temporaryFolder } from '../../test-support/start-app.ts'

/** Locks a file for moments, again and again, for 50 ms: a new file keeps no write-ahead log yet. */
const lockOften = `
  const { parentPort } = require('node:worker_threads')
  const { DatabaseSync } = require('node:sqlite')
  parentPort.on('message', (path) => {
    const database = new DatabaseSync(path, { timeout: 5000 })
    parentPort.postMessage('locking')
    const end = performance.now() + 50
    while (performance.now() < end) database.exec('BEGIN IMMEDIATE; COMMIT;'.repeat(20))
    database.close()
  })`

describe('openDatabase', () => {
  it('can be called for a new file by several at once, and while others lock it', async (t) => {
    const program = new URL('open-database.test-thread.ts', import.meta.url)
    const threads = [startThread(t, program), startThread(t, program)]
    const locking = startThread(t, lockOften)
    // Removed when they have ended.
    const folder = temporaryFolder(t)
    for (let round = 0; round < 20; round++) {
      const path = join(folder, `${round}.sqlite`)
      await tell(locking, path)
      const answers = await Promise.all(threads.map((thread) => tell(thread, path)))

      assert.deepEqual(answers, ['opened', 'opened'])
    }
  })
})

function startThread(t: TestContext, program: string | URL): Worker {
  const thread = new Worker(program, { eval: typeof program === 'string' })
  t.after(() => thread.terminate())
  return thread
}

/** Tells a thread of a file, and resolves to what it answers. */
async function tell(thread: Worker, path: string): Promise<string> {
  thread.postMessage(path)
  const [answer] = await once(thread, 'message')
  return answer
}
