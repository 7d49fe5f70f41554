import { type Criterion, readRecordFilter } from '../record-filter.ts'
import { type RecordFilter, readOwnership, type Store, type StoredRecord } from '../store.ts'
import {
  type DatabaseSync,
  openDatabase,
  type SQLInputValue,
  type StatementSync,
} from './open-database.ts'
import { getAllQuery, migrations, queries, removeAllQuery } from './queries.ts'

/**
 * A store in a SQLite file, which the processes of one machine can share. It reads at once: that takes
 * microseconds, less than handing it to another thread would. The writes that come in one turn of the
 * event loop are one transaction, which costs little more than one of them would, and each is answered
 * when all are kept. Where one of them cannot be run, each is a transaction of its own.
 *
 * @param path of the file. It is created, with the folder it is in, if it does not exist.
 * @param options.now the time in milliseconds since the epoch
 * @throws {Error} a sentence that says what is wrong with the file and what can be done
 */
export function sqliteStore(path: string, { now = Date.now }: { now?: () => number } = {}): Store {
  return new SqliteStore(openDatabase(path, migrations), now)
}

class SqliteStore implements Store {
  readonly #database: DatabaseSync
  readonly #now: () => number
  readonly #statements = new Map<string, StatementSync>()
  #waiting: Write[] = []

  constructor(database: DatabaseSync, now: () => number) {
    this.#database = database
    this.#now = now
  }

  async add(record: StoredRecord): Promise<boolean> {
    const { changes } = await this.#run(queries.add, [...toColumns(record), this.#now()])
    return changes === 1
  }

  async store(record: StoredRecord): Promise<void> {
    await this.#run(queries.store, toColumns(record))
  }

  async replace(record: StoredRecord): Promise<boolean> {
    const { changes } = await this.#run(queries.replace, [...toColumns(record), this.#now()])
    return changes === 1
  }

  get(type: string, key: string): StoredRecord | undefined {
    const row = this.#prepare(queries.get).get(type, key, this.#now())
    return row && readRow(row as unknown as Row)
  }

  async take(type: string, key: string): Promise<StoredRecord | undefined> {
    const [record] = await this.#return(queries.take, [type, key, this.#now()])
    return record
  }

  getAll(filter: RecordFilter): StoredRecord[] {
    const criteria = readRecordFilter(filter)
    const rows = this.#prepare(getAllQuery(criteria)).all(this.#now(), ...toParameters(criteria))
    return rows.map((row) => readRow(row as unknown as Row))
  }

  claimDue(type: string, limit: number, until: number): Promise<StoredRecord[]> {
    return this.#return(queries.claimDue, [type, this.#now(), limit, until])
  }

  async remove(type: string, key: string): Promise<void> {
    await this.#run(queries.remove, [type, key])
  }

  async removeAll(filter: RecordFilter): Promise<void> {
    const criteria = readRecordFilter(filter)
    await this.#run(removeAllQuery(criteria), toParameters(criteria))
  }

  async removeExpired(limit: number): Promise<number> {
    const { changes } = await this.#run(queries.removeExpired, [this.#now(), limit])
    return Number(changes)
  }

  close(): void {
    if (!this.#database.isOpen) return
    this.#write()
    this.#database.close()
  }

  #run(query: string, parameters: SQLInputValue[]) {
    return this.#enqueue(() => this.#prepare(query).run(...parameters))
  }

  /** Runs a query that changes records and returns them. */
  #return(query: string, parameters: SQLInputValue[]): Promise<StoredRecord[]> {
    // All rows, also where there is one: SQLite looks after its log when a statement has run to the end.
    return this.#enqueue(() =>
      this.#prepare(query)
        .all(...parameters)
        .map((row) => readRow(row as unknown as Row)),
    )
  }

  #enqueue<T>(run: () => T): Promise<T> {
    if (this.#waiting.length === 0) setImmediate(() => this.#write())
    return new Promise((resolve, reject) => {
      this.#waiting.push({ run: () => answerWith(resolve, run()), reject })
    })
  }

  /** Nobody is answered before the transaction is, so that its failure is everyone's. */
  #write(): void {
    const writes = this.#waiting
    this.#waiting = []
    try {
      const answers = writes.length > 1 ? this.#inTransaction(writes) : undefined
      // Writes that came together may be strangers': what is wrong with one is its own.
      if (answers === undefined) writeEach(writes)
      else for (const answer of answers) answer()
    } catch (error) {
      for (const { reject } of writes) reject(error)
    }
  }

  /** Returns undefined, and nothing is kept, if one of the writes cannot be run. */
  #inTransaction(writes: readonly Write[]): (() => void)[] | undefined {
    this.#prepare('BEGIN IMMEDIATE').run()
    try {
      const answers = this.#runAll(writes)
      this.#prepare(answers === undefined ? 'ROLLBACK' : 'COMMIT').run()
      return answers
    } catch (error) {
      if (this.#database.isTransaction) this.#prepare('ROLLBACK').run()
      throw error
    }
  }

  #runAll(writes: readonly Write[]): (() => void)[] | undefined {
    try {
      return writes.map(({ run }) => run())
    } catch (error) {
      // A value that SQLite does not accept leaves the transaction open; what ends it is everyone's.
      if (!this.#database.isTransaction) throw error
      return undefined
    }
  }

  /** Each query is compiled once: those of filters differ by which fields are given, and are few. */
  #prepare(query: string): StatementSync {
    let statement = this.#statements.get(query)
    if (statement === undefined) {
      statement = this.#database.prepare(query)
      this.#statements.set(query, statement)
    }
    return statement
  }
}

/** A write that waits for its transaction. It is run again if that is rolled back for another write. */
interface Write {
  /** Returns what answers whoever asked for it. */
  readonly run: () => () => void
  readonly reject: (reason: unknown) => void
}

/** A record as SQLite has it. The table is STRICT, so the columns have these types. */
interface Row {
  readonly type: string
  readonly key: string
  readonly client_id: string | null
  readonly subject: string | null
  readonly session_id: string | null
  readonly grant_id: string | null
  readonly created: number
  readonly expires: number | null
  readonly data: string
  readonly due: number | null
}

/** Outside a transaction each statement is its own. */
function writeEach(writes: readonly Write[]): void {
  for (const { run, reject } of writes) {
    try {
      run()()
    } catch (error) {
      reject(error)
    }
  }
}

function answerWith<T>(resolve: (value: T) => void, value: T): () => void {
  return () => resolve(value)
}

function toColumns(record: StoredRecord): SQLInputValue[] {
  const { type, key, client_id, subject, session_id, grant_id, created, expires, data, due } =
    record
  const owners = [client_id ?? null, subject ?? null, session_id ?? null, grant_id ?? null]
  return [type, key, ...owners, created, expires ?? null, JSON.stringify(data), due ?? null]
}

function toParameters(criteria: readonly Criterion[]): SQLInputValue[] {
  return criteria.map(([field, values]) =>
    field === 'type' ? JSON.stringify(values) : (values[0] ?? null),
  )
}

function readRow(row: Row): StoredRecord {
  const { type, key, created, due } = row
  return {
    type,
    key,
    ...readOwnership(row),
    created,
    expires: row.expires ?? undefined,
    ...(due !== null && { due }),
    data: JSON.parse(row.data),
  }
}
