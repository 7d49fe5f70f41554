import type { DatabaseSync, StatementSync } from './open-database.ts'

/** A write that waits for its transaction. It is run again if that is rolled back for another write. */
interface Write {
  /** Returns what answers whoever asked for it. */
  readonly run: () => () => void
  readonly reject: (reason: unknown) => void
}

/**
 * The writes that come in one turn of the event loop are one transaction, which costs little more than one
 * of them would, and each is answered when all are kept. Where one of them cannot be run, each is a
 * transaction of its own.
 */
export class SharedTransactions {
  readonly #database: DatabaseSync
  readonly #begin: StatementSync
  readonly #commit: StatementSync
  readonly #rollback: StatementSync
  #waiting: Write[] = []

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#begin = database.prepare('BEGIN IMMEDIATE')
    this.#commit = database.prepare('COMMIT')
    this.#rollback = database.prepare('ROLLBACK')
  }

  /**
   * @param write runs statements. It may be called twice, the first time in vain.
   * @returns what it returned, once that is kept
   */
  run<T>(write: () => T): Promise<T> {
    if (this.#waiting.length === 0) setImmediate(() => this.flush())
    return new Promise((resolve, reject) => {
      this.#waiting.push({ run: () => answerWith(resolve, write()), reject })
    })
  }

  /**
   * Writes what waits. Nobody is answered before the transaction is, so that its failure is everyone's.
   */
  flush(): void {
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
    this.#begin.run()
    try {
      const answers = this.#runAll(writes)
      if (answers === undefined) this.#rollback.run()
      else this.#commit.run()
      return answers
    } catch (error) {
      if (this.#database.isTransaction) this.#rollback.run()
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
