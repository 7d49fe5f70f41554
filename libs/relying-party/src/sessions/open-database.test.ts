import assert from 'node:assert/strict'
import { on, once } from 'node:events'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { Worker } from 'node:worker_threads'

import { temporaryFolder } from '../../test-support/start-app.ts'

/** Says which file it locks for moments, again and again, until another has made it keep a write-ahead log. */
const lockEach = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { DatabaseSync } = require('node:sqlite')
  for (const path of workerData) {
    const database = new DatabaseSync(path, { timeout: 5000 })
    const mode = database.prepare('PRAGMA journal_mode')
    parentPort.postMessage(path)
    while (mode.get().journal_mode !== 'wal') database.exec('BEGIN IMMEDIATE; COMMIT;'.repeat(20))
    database.close()
  }`

describe('openDatabase', () => {
  it('can be called for a new file by several at once, and while others lock it', async (t) => {
    const folder = temporaryFolder(t)
    const paths = Array.from({ length: 20 }, (_, n) => join(folder, `${n}.sqlite`))
    const program = new URL('open-database.test-thread.ts', import.meta.url)
    const threads = Array.from({ length: 2 }, () => startThread(t, program))
    const locking = startThread(t, lockEach, paths)
    for await (const [path] of on(locking, 'message', { close: ['exit'] })) {
      const answers = threads.map((thread) => once(thread, 'message'))
      for (const thread of threads) thread.postMessage(path)

      assert.deepEqual((await Promise.all(answers)).flat(), ['opened', 'opened'])
    }
  })
})

function startThread(
  t: TestContext,
  program: string | URL,
  workerData?: readonly string[],
): Worker {
  const thread = new Worker(program, { eval: typeof program === 'string', workerData })
  t.after(() => thread.terminate())
  return thread
}
