/** What a store may answer with: a value when it is at hand, or a promise of it. */
export type Awaitable<T> = T | Promise<T>

/** Whom a record belongs to: everything a revocation can be asked to end at once. */
export interface Ownership {
  readonly client_id?: string | undefined
  /** The user. */
  readonly subject?: string | undefined
  /** The login session it was granted in. */
  readonly session_id?: string | undefined
  /** Shared by all that one authorization led to: the code and every token that came from it. */
  readonly grant_id?: string | undefined
}

/** The ids that are there, so that what is read has no member where none was written. */
export function readOwnership({
  client_id,
  subject,
  session_id,
  grant_id,
}: { readonly [id in keyof Ownership]: string | null | undefined }): Ownership {
  const owners: { -readonly [id in keyof Ownership]: string } = {}
  if (client_id != null) owners.client_id = client_id
  if (subject != null) owners.subject = subject
  if (session_id != null) owners.session_id = session_id
  if (grant_id != null) owners.grant_id = grant_id
  return owners
}

/** Something the token service has to remember, such as a code, a refresh token or a consent. */
export interface StoredRecord extends Ownership {
  /** What it is, for example `refresh_token`. A key is looked up within its type only. */
  readonly type: string
  /** SHA-256 of the handle in base64url (handles.ts), so that what is stored cannot be used. */
  readonly key: string
  /** Milliseconds since the epoch. */
  readonly created: number
  /** Milliseconds since the epoch, or undefined for a record that does not expire. */
  readonly expires: number | undefined
  /** When somebody has to do something about it: milliseconds since the epoch. See {@link Store.claimDue}. */
  readonly due?: number | undefined
  /** A JSON object. It is copied on its way in and out. */
  readonly data: object
}

/** The records of which every field given here is as given. At least one has to be. */
export interface RecordFilter {
  /** One type or several. */
  readonly type?: string | readonly string[]
  readonly client_id?: string
  readonly subject?: string
  readonly session_id?: string
  readonly grant_id?: string
}

/**
 * Where the token service keeps its records. An expired record is as good as absent to every method,
 * whether it has been removed yet or not.
 *
 * Each method is one atomic step, also against other processes that share the store: of all that try
 * to `add`, to `take` or to `supersede` the same record, exactly one succeeds. What has been answered is
 * kept when the process is killed, unless the store says that it lives in memory.
 */
export interface Store {
  /** Inserts the record, or answers false when there is one: how a replay is noticed. */
  add(record: StoredRecord): Awaitable<boolean>
  /** Inserts the record, in place of the one with this type and key if there is one. */
  store(record: StoredRecord): Awaitable<void>
  /**
   * Overwrites the record with this type and key, or answers false when it is gone. Use it for what
   * was read before, since `store` would bring back a record that was revoked in between.
   */
  replace(record: StoredRecord): Awaitable<boolean>
  /**
   * Removes the record with this type and key and stores another, also in place of one with the other's
   * type and key; or answers false when it is gone, and changes nothing. So what can be used once leaves
   * behind that it was used. What was read of it before counts only when this answers true.
   */
  supersede(type: string, key: string, successor: StoredRecord): Awaitable<boolean>
  get(type: string, key: string): Awaitable<StoredRecord | undefined>
  /** Reads and removes. */
  take(type: string, key: string): Awaitable<StoredRecord | undefined>
  /** @throws {TypeError} for a filter without fields, or with one that is undefined */
  getAll(filter: RecordFilter): Awaitable<StoredRecord[]>
  /**
   * Answers with up to `limit` records of a type that are due, the longest due first, and makes them
   * due again at `until`, in milliseconds since the epoch. So of several that ask each record goes to
   * one, and to another one later should the first die before it has removed or replaced the record.
   */
  claimDue(type: string, limit: number, until: number): Awaitable<StoredRecord[]>
  remove(type: string, key: string): Awaitable<void>
  /** @throws {TypeError} for a filter without fields, or with one that is undefined */
  removeAll(filter: RecordFilter): Awaitable<void>
  /** Removes up to `limit` records that have expired, and answers how many it did. */
  removeExpired(limit: number): Awaitable<number>
  /** Releases what the store holds. It is not used afterwards. */
  close(): Awaitable<void>
}
