import { readRecordFilter } from '../record-filter.ts'
import { type RecordFilter, readOwnership, type Store, type StoredRecord } from '../store.ts'
import { ExpiryQueue } from './expiry-queue.ts'
import { type Entry, RecordTable } from './record-table.ts'

/**
 * A store that lives in the memory of this process: for tests, and for servers that may forget
 * everyone's tokens when they stop. Each method answers at once.
 *
 * @param options.now the time in milliseconds since the epoch
 */
export function memoryStore({ now = Date.now }: { now?: () => number } = {}): Store {
  return new MemoryStore(now)
}

class MemoryStore implements Store {
  readonly #now: () => number
  readonly #tables = new Map<string, RecordTable>()
  readonly #expiring = new ExpiryQueue<Entry>()

  constructor(now: () => number) {
    this.#now = now
  }

  add(record: StoredRecord): boolean {
    if (this.#find(record.type, record.key) !== undefined) return false
    this.store(record)
    return true
  }

  store(record: StoredRecord): void {
    this.#put(createEntry(record))
  }

  replace(record: StoredRecord): boolean {
    if (this.#find(record.type, record.key) === undefined) return false
    this.store(record)
    return true
  }

  supersede(type: string, key: string, successor: StoredRecord): boolean {
    const entry = this.#find(type, key)
    if (entry === undefined) return false
    const next = createEntry(successor)
    this.#drop(entry)
    this.#put(next)
    return true
  }

  get(type: string, key: string): StoredRecord | undefined {
    const entry = this.#find(type, key)
    return entry && readEntry(entry)
  }

  take(type: string, key: string): StoredRecord | undefined {
    const record = this.get(type, key)
    this.remove(type, key)
    return record
  }

  getAll(filter: RecordFilter): StoredRecord[] {
    const live = this.#select(filter).filter((entry) => this.#isLive(entry))
    return live.map(readEntry)
  }

  claimDue(type: string, limit: number, until: number): StoredRecord[] {
    const claimed: StoredRecord[] = []
    const table = this.#table(type)
    // Each makes room for the next by leaving the queue, and joins it again when all have been taken.
    for (let left = table.size; left > 0 && claimed.length < limit; left--) {
      const key = table.firstDue(this.#now())
      if (key === undefined) break
      const record = this.take(type, key)
      if (record !== undefined) claimed.push({ ...record, due: until })
    }
    for (const record of claimed) this.store(record)
    return claimed
  }

  remove(type: string, key: string): void {
    const entry = this.#tables.get(type)?.get(key)
    if (entry !== undefined) this.#drop(entry)
  }

  removeAll(filter: RecordFilter): void {
    for (const entry of this.#select(filter)) this.#drop(entry)
  }

  removeExpired(limit: number): number {
    for (let removed = 0; removed < limit; removed++) {
      const next = this.#expiring.first()
      if (next === undefined || this.#isLive(next)) return removed
      this.#drop(next)
    }
    return limit
  }

  close(): void {}

  #find(type: string, key: string): Entry | undefined {
    const entry = this.#tables.get(type)?.get(key)
    return entry !== undefined && this.#isLive(entry) ? entry : undefined
  }

  #isLive({ expires }: Entry): boolean {
    return expires === undefined || expires > this.#now()
  }

  #select(filter: RecordFilter): Entry[] {
    const { types = this.#tables.keys(), owners } = readRecordFilter(filter)
    return [...new Set(types)].flatMap((type) => this.#tables.get(type)?.select(owners) ?? [])
  }

  #table(type: string): RecordTable {
    let table = this.#tables.get(type)
    if (table === undefined) {
      table = new RecordTable()
      this.#tables.set(type, table)
    }
    return table
  }

  #put(entry: Entry): void {
    this.remove(entry.type, entry.key)
    this.#table(entry.type).add(entry)
    this.#expiring.add(entry)
  }

  #drop(entry: Entry): void {
    this.#expiring.remove(entry)
    this.#tables.get(entry.type)?.remove(entry)
  }
}

function createEntry(record: StoredRecord): Entry {
  const { type, key, client_id, subject, session_id, grant_id, created, expires, due } = record
  return {
    ...{ type, key, client_id, subject, session_id, grant_id, created, expires, due },
    json: JSON.stringify(record.data),
    position: -1,
    // Few records are ever due.
    mark: due === undefined ? undefined : { expires: due, position: -1, key },
  }
}

function readEntry(entry: Entry): StoredRecord {
  const { type, key, created, expires, due, json } = entry
  return {
    type,
    key,
    ...readOwnership(entry),
    created,
    expires,
    ...(due !== undefined && { due }),
    data: JSON.parse(json),
  }
}
