import { type RecordCriteria, readRecordFilter } from '../record-filter.ts'
import { type RecordFilter, readOwnership, type Store, type StoredRecord } from '../store.ts'
import {
  type DatabaseSync,
  openDatabase,
  type SQLInputValue,
  type StatementSync,
} from './open-database.ts'
import { getAllQuery, migrations, queries, removeAllQuery } from './queries.ts'
import { SharedTransactions } from './shared-transactions.ts'

/**
 * A store in a SQLite file, which the processes of one machine can share. It reads at once: that takes
 * microseconds, less than handing it to another thread would. Writes share transactions.
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
  readonly #writes: SharedTransactions

  constructor(database: DatabaseSync, now: () => number) {
    this.#database = database
    this.#now = now
    this.#writes = new SharedTransactions(database)
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

  async supersede(type: string, key: string, successor: StoredRecord): Promise<boolean> {
    const parameters = [...toColumns(successor), this.#now(), type, key]
    const { changes } = await this.#run(queries.supersede, parameters)
    return changes === 1
  }

  get(type: string, key: string): StoredRecord | undefined {
    const row = this.#prepare(queries.get).get(type, key, this.#now())
    return row && readRow(row)
  }

  async take(type: string, key: string): Promise<StoredRecord | undefined> {
    const [record] = await this.#return(queries.take, [type, key, this.#now()])
    return record
  }

  getAll(filter: RecordFilter): StoredRecord[] {
    const criteria = readRecordFilter(filter)
    const rows = this.#prepare(getAllQuery(criteria)).all(this.#now(), ...toParameters(criteria))
    return rows.map(readRow)
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
    this.#writes.flush()
    this.#database.close()
  }

  #run(query: string, parameters: SQLInputValue[]) {
    return this.#writes.run(() => this.#prepare(query).run(...parameters))
  }

  /** Runs a query that changes records and returns them. */
  #return(query: string, parameters: SQLInputValue[]): Promise<StoredRecord[]> {
    // All rows, also where there is one: SQLite looks after its log when a statement has run to the end.
    return this.#writes.run(() =>
      this.#prepare(query)
        .all(...parameters)
        .map(readRow),
    )
  }

  /** Each query is compiled once: those of filters differ by fields and number of types, and are few. */
  #prepare(query: string): StatementSync {
    let statement = this.#statements.get(query)
    if (statement === undefined) {
      statement = this.#database.prepare(query)
      // Rows as objects have their values in dictionaries, which are slow to read.
      statement.setReturnArrays(true)
      this.#statements.set(query, statement)
    }
    return statement
  }
}

/** A record as SQLite has it, in the order of its columns. The table is STRICT, so they have these types. */
type Row = [
  type: string,
  key: string,
  client_id: string | null,
  subject: string | null,
  session_id: string | null,
  grant_id: string | null,
  created: number,
  expires: number | null,
  data: string,
  due: number | null,
]

function toColumns(record: StoredRecord): SQLInputValue[] {
  const { type, key, client_id, subject, session_id, grant_id, created, expires, data, due } =
    record
  const owners = [client_id ?? null, subject ?? null, session_id ?? null, grant_id ?? null]
  return [type, key, ...owners, created, expires ?? null, JSON.stringify(data), due ?? null]
}

function toParameters({ types, owners }: RecordCriteria): SQLInputValue[] {
  const ids = owners.map(([, id]) => id)
  return types === undefined ? ids : [...ids, ...types]
}

function readRow(row: unknown): StoredRecord {
  const [type, key, client_id, subject, session_id, grant_id, created, expires, data, due] =
    row as Row
  return {
    type,
    key,
    ...readOwnership({ client_id, subject, session_id, grant_id }),
    created,
    expires: expires ?? undefined,
    ...(due !== null && { due }),
    data: JSON.parse(data),
  }
}
