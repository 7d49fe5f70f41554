import { type Owner, ownerFields } from '../record-filter.ts'
import type { StoredRecord } from '../store.ts'
import { ExpiryQueue } from './expiry-queue.ts'
import { OwnerIndex } from './owner-index.ts'

/** A record as it is kept: its data as JSON, which nobody can change and which takes less room. */
export interface Entry extends Omit<StoredRecord, 'data'> {
  readonly json: string
  /** Its place among all that expire. */
  position: number
  /** Its place among those of its type that somebody has to do something about, if it is one. */
  readonly mark: DueMark | undefined
}

interface DueMark {
  readonly expires: number | undefined
  position: number
  readonly key: string
}

/** The records of one type, to be found by their key, by their owners, and by when they are due. */
export class RecordTable {
  readonly #entries = new Map<string, Entry>()
  readonly #owners = {
    grant_id: new OwnerIndex<Entry>(),
    session_id: new OwnerIndex<Entry>(),
    subject: new OwnerIndex<Entry>(),
    client_id: new OwnerIndex<Entry>(),
  }
  readonly #due = new ExpiryQueue<DueMark>()

  get size(): number {
    return this.#entries.size
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key)
  }

  add(entry: Entry): void {
    this.#entries.set(entry.key, entry)
    for (const field of ownerFields) {
      const id = entry[field]
      if (id !== undefined) this.#owners[field].add(id, entry)
    }
    if (entry.mark !== undefined) this.#due.add(entry.mark)
  }

  remove(entry: Entry): void {
    this.#entries.delete(entry.key)
    for (const field of ownerFields) {
      const id = entry[field]
      if (id !== undefined) this.#owners[field].remove(id, entry)
    }
    if (entry.mark !== undefined) this.#due.remove(entry.mark)
  }

  /** The entries of all these owners; without one, all entries. */
  select([first, ...others]: readonly Owner[]): Entry[] {
    const found =
      first === undefined ? this.#entries.values() : this.#owners[first[0]].get(first[1])
    return [...found].filter((entry) => others.every(([field, id]) => entry[field] === id))
  }

  /** The key of the one that has been due longest at a time in milliseconds since the epoch. */
  firstDue(now: number): string | undefined {
    const mark = this.#due.first()
    return mark?.expires !== undefined && mark.expires <= now ? mark.key : undefined
  }
}
