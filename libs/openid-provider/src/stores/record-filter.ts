import type { Ownership, RecordFilter } from './store.ts'

/** From the owner that has the fewest records to the one that has the most. */
export const ownerFields = [
  'grant_id',
  'session_id',
  'subject',
  'client_id',
] as const satisfies readonly (keyof Ownership)[]

export type OwnerField = (typeof ownerFields)[number]

/** An owner and its id. */
export type Owner = readonly [field: OwnerField, id: string]

/** A filter, in the order in which a store works. */
export interface RecordCriteria {
  /** Any of these, or of any type. */
  readonly types: readonly string[] | undefined
  /**
   * The one that singles out the fewest records comes first. A store looks that one up, in an index of
   * owner and type, and compares the others: to end a session costs the same however many records
   * its client has, and to find it the same however many were issued in it.
   */
  readonly owners: readonly Owner[]
}

/**
 * Reads a filter of records.
 *
 * A field that is present but undefined is refused: it is an id somebody failed to find, and to pass
 * over it would remove the records of everyone.
 *
 * @throws {TypeError} for an empty filter, an undefined field or an empty list of types
 */
export function readRecordFilter(filter: RecordFilter): RecordCriteria {
  const types = 'type' in filter ? readTypes(filter) : undefined
  const owners = ownerFields
    .filter((field) => field in filter)
    .map((field): Owner => [field, filter[field] ?? refuse(field)])
  if (types === undefined && owners.length === 0)
    throw new TypeError('the filter of records is empty')
  return { types, owners }
}

function readTypes({ type = [] }: RecordFilter): readonly string[] {
  const types = typeof type === 'string' ? [type] : type
  return types.length === 0 ? refuse('type') : types
}

function refuse(field: string): never {
  throw new TypeError(`the filter of records has no value for ${field}`)
}
