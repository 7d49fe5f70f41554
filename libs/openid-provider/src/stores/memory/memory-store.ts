import { type Criterion, type FilterField, readRecordFilter } from '../record-filter.ts'
import { type RecordFilter, readOwnership, type Store, type StoredRecord } from '../store.ts'
import { ExpiryQueue } from './expiry-queue.ts'

/**
 * A store that lives in the memory of this process: for tests, and for servers that may forget
 * everyone's tokens when they stop. Each method answers at once.
 *
 * @param options.now the time in milliseconds since the epoch
 */
export function memoryStore({ now = Date.now }: { now?: () => number } = {}): Store {
  return new MemoryStore(now)
}

/** A record as it is kept: its data as JSON, which nobody can change and which takes less room. */
interface Entry extends Omit<StoredRecord, 'data'> {
  readonly json: string
  position: number
  /** Its place among those of its type that somebody has to do something about, if it is one. */
  readonly mark?: DueMark
}

interface DueMark {
  readonly expires: number | undefined
  position: number
  readonly key: string
}

class MemoryStore implements Store {
  readonly #now: () => number
  readonly #types = new Map<string, Map<string, Entry>>()
  readonly #owners = {
    grant_id: new Map<string, Set<Entry>>(),
    session_id: new Map<string, Set<Entry>>(),
    subject: new Map<string, Set<Entry>>(),
    client_id: new Map<string, Set<Entry>>(),
  }
  readonly #queue = new ExpiryQueue<Entry>()
  readonly #due = new Map<string, ExpiryQueue<DueMark>>()

  constructor(now: () => number) {
    this.#now = now
  }

  add(record: StoredRecord): boolean {
    if (this.#find(record.type, record.key) !== undefined) return false
    this.store(record)
    return true
  }

  store(record: StoredRecord): void {
    const { data, ...rest } = record
    const entry = { ...rest, json: JSON.stringify(data), position: -1, ...markOf(record) }
    this.remove(entry.type, entry.key)
    getOrCreate(this.#types, entry.type, () => new Map()).set(entry.key, entry)
    for (const [owners, id] of this.#ownersOf(entry))
      getOrCreate(owners, id, () => new Set()).add(entry)
    this.#queue.add(entry)
    if (entry.mark !== undefined)
      getOrCreate(this.#due, entry.type, () => new ExpiryQueue()).add(entry.mark)
  }

  replace(record: StoredRecord): boolean {
    if (this.#find(record.type, record.key) === undefined) return false
    this.store(record)
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
    const entries = [...this.#select(readRecordFilter(filter))]
    return entries.filter((entry) => this.#isLive(entry)).map(readEntry)
  }

  claimDue(type: string, limit: number, until: number): StoredRecord[] {
    const claimed: StoredRecord[] = []
    const marks = this.#due.get(type)
    while (claimed.length < limit) {
      const next = marks?.first()
      if (next?.expires === undefined || next.expires > this.#now()) break
      const record = this.take(type, next.key)
      if (record === undefined) continue
      claimed.push({ ...record, due: until })
      this.store({ ...record, due: until })
    }
    return claimed
  }

  remove(type: string, key: string): void {
    const entry = this.#types.get(type)?.get(key)
    if (entry !== undefined) this.#drop(entry)
  }

  removeAll(filter: RecordFilter): void {
    for (const entry of [...this.#select(readRecordFilter(filter))]) this.#drop(entry)
  }

  removeExpired(limit: number): number {
    for (let removed = 0; removed < limit; removed++) {
      const next = this.#queue.first()
      if (next === undefined || this.#isLive(next)) return removed
      this.#drop(next)
    }
    return limit
  }

  close(): void {}

  #find(type: string, key: string): Entry | undefined {
    const entry = this.#types.get(type)?.get(key)
    return entry !== undefined && this.#isLive(entry) ? entry : undefined
  }

  #isLive({ expires }: Entry): boolean {
    return expires === undefined || expires > this.#now()
  }

  /** The entries that meet all criteria: those of the first, found in its index, less the others. */
  *#select([[field, values], ...others]: [Criterion, ...Criterion[]]): Iterable<Entry> {
    for (const value of new Set(values))
      for (const entry of this.#index(field).get(value)?.values() ?? [])
        if (others.every((criterion) => meets(entry, criterion))) yield entry
  }

  #index(field: FilterField): Map<string, Map<string, Entry> | Set<Entry>> {
    return field === 'type' ? this.#types : this.#owners[field]
  }

  *#ownersOf(entry: Entry): Iterable<[owners: Map<string, Set<Entry>>, id: string]> {
    for (const field of ['grant_id', 'session_id', 'subject', 'client_id'] as const) {
      const id = entry[field]
      if (id !== undefined) yield [this.#owners[field], id]
    }
  }

  #drop(entry: Entry): void {
    this.#queue.remove(entry)
    if (entry.mark !== undefined) this.#due.get(entry.type)?.remove(entry.mark)
    this.#types.get(entry.type)?.delete(entry.key)
    for (const [owners, id] of this.#ownersOf(entry)) {
      owners.get(id)?.delete(entry)
      // Sessions and grants are as many as the records: their empty sets would pile up.
      if (owners.get(id)?.size === 0) owners.delete(id)
    }
  }
}

/** Few records are ever due, and the others carry nothing for it. */
function markOf({ key, due }: StoredRecord): { mark?: DueMark } {
  return due === undefined ? {} : { mark: { expires: due, position: -1, key } }
}

function meets(entry: Entry, [field, values]: Criterion): boolean {
  const value = entry[field]
  return value !== undefined && values.includes(value)
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

function getOrCreate<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const found = map.get(key)
  if (found !== undefined) return found
  const created = create()
  map.set(key, created)
  return created
}
