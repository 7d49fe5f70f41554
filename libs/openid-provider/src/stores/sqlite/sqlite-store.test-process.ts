/** A process that shares a SQLite store with the one that started it, which tells it by message what to do. */
import { setImmediate } from 'node:timers/promises'

import { createRecord } from '../store-contract.ts'
import { sqliteStore } from './sqlite-store.ts'

export type Task =
  | { readonly task: 'open'; readonly paths: readonly string[] }
  | { readonly task: 'add' | 'take'; readonly path: string; readonly keys: readonly string[] }
  | { readonly task: 'store until killed'; readonly path: string }

process.on('message', async (task: Task) => {
  if (task.task === 'open') process.send?.(await openAll(task.paths))
  else if (task.task === 'store until killed') await storeUntilKilled(task.path)
  else process.send?.(await contend(task.task, task.path, task.keys))
})
process.send?.('ready')

/** Answers with the paths it could open. */
async function openAll(paths: readonly string[]): Promise<string[]> {
  const opened: string[] = []
  for (const path of paths) {
    await sqliteStore(path).close()
    opened.push(path)
  }
  return opened
}

/** Answers with the keys it won, as often as it won them. */
async function contend(task: 'add' | 'take', path: string, keys: readonly string[]) {
  const store = sqliteStore(path, { now: () => 0 })
  const won: string[] = []
  for (const key of keys) {
    for (let attempt = 0; attempt < 50; attempt++) {
      const record = createRecord({ key })
      const wins = task === 'add' ? await store.add(record) : await store.take('code', key)
      if (wins) won.push(key)
    }
  }
  await store.close()
  return won
}

/** Sends each key when the store has acknowledged it. */
async function storeUntilKilled(path: string): Promise<never> {
  const store = sqliteStore(path)
  for (let n = 0; ; n++) {
    await store.store(createRecord({ key: `k${n}` }))
    process.send?.(`k${n}`)
    await setImmediate()
  }
}
