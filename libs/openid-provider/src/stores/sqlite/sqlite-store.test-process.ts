/** A process that shares SQLite stores with the one that started it, which tells it by message what to do. */
import { setImmediate } from 'node:timers/promises'
import { createRecord } from '../contract/create-record.ts'
import type { Store } from '../store.ts'
import { sqliteStore } from './sqlite-store.ts'

/** What one of several succeeds in. */
const contests = {
  add: (store: Store, key: string) => store.add(createRecord({ key })),
  take: (store: Store, key: string) => store.take('code', key),
  supersede: (store: Store, key: string) =>
    store.supersede('code', key, createRecord({ type: 'spent', key })),
}

type Contest = keyof typeof contests

/** What to do with the store in the file `path`. */
export interface Task {
  readonly task: Contest | 'store until killed'
  readonly path: string
  readonly key: string
}

const stores = new Map<string, Store>()

process.on('message', async ({ task, path, key }: Task) => {
  const store = stores.get(path) ?? sqliteStore(path, { now: () => 0 })
  stores.set(path, store)
  if (task === 'store until killed') await storeUntilKilled(store, key)
  else process.send?.(await contend(store, task, key))
})
// An answer that is not a number fails the test, and says why.
process.on('uncaughtException', (error) => process.send?.(error.message))
process.send?.('ready')

/** Answers how many of 50 attempts succeeded. */
async function contend(store: Store, task: Contest, key: string): Promise<number> {
  let won = 0
  for (let attempt = 0; attempt < 50; attempt++) if (await contests[task](store, key)) won++
  return won
}

/** Sends each key when the store has acknowledged it. */
async function storeUntilKilled(store: Store, prefix: string): Promise<never> {
  for (let n = 0; ; n++) {
    const key = `${prefix}${n}`
    await store.store(createRecord({ key }))
    process.send?.(key)
    await setImmediate()
  }
}
