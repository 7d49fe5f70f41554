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
 * A store in a SQLite file, which the processes of one machine can share. Its methods answer at once:
 * a read or a write takes microseconds, less than handing it to another thread would.
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

  constructor(database: DatabaseSync, now: () => number) {
    this.#database = database
    this.#now = now
  }

  add(record: StoredRecord): boolean {
    return this.#prepare(queries.add).run(...toColumns(record), this.#now()).changes === 1
  }

  store(record: StoredRecord): void {
    this.#prepare(queries.store).run(...toColumns(record))
  }

  replace(record: StoredRecord): boolean {
    return this.#prepare(queries.replace).run(...toColumns(record), this.#now()).changes === 1
  }

  get(type: string, key: string): StoredRecord | undefined {
    const row = this.#prepare(queries.get).get(type, key, this.#now())
    return row && readRow(row as unknown as Row)
  }

  take(type: string, key: string): StoredRecord | undefined {
    // Not `get`, which stops at the row: SQLite looks after its log when a statement has run to the end.
    const [row] = this.#prepare(queries.take).all(type, key, this.#now())
    return row && readRow(row as unknown as Row)
  }

  getAll(filter: RecordFilter): StoredRecord[] {
    const criteria = readRecordFilter(filter)
    const rows = this.#prepare(getAllQuery(criteria)).all(this.#now(), ...toParameters(criteria))
    return rows.map((row) => readRow(row as unknown as Row))
  }

  claimDue(type: string, limit: number, until: number): StoredRecord[] {
    const rows = this.#prepare(queries.claimDue).all(type, this.#now(), limit, until)
    return rows.map((row) => readRow(row as unknown as Row))
  }

  remove(type: string, key: string): void {
    this.#prepare(queries.remove).run(type, key)
  }

  removeAll(filter: RecordFilter): void {
    const criteria = readRecordFilter(filter)
    this.#prepare(removeAllQuery(criteria)).run(...toParameters(criteria))
  }

  removeExpired(limit: number): number {
    return Number(this.#prepare(queries.removeExpired).run(this.#now(), limit).changes)
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close()
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
