/** A thread that opens each database it is told of, and answers with what went wrong. */
import { parentPort } from 'node:worker_threads'

import { openDatabase } from './open-database.ts'

parentPort?.on('message', (path: string) => {
  try {
    openDatabase(path, 'CREATE TABLE IF NOT EXISTS names (name TEXT) STRICT;').close()
    parentPort?.postMessage('opened')
  } catch (error) {
    parentPort?.postMessage(String(error))
  }
})
