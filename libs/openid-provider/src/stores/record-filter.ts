import type { RecordFilter } from './store.ts'

/**
 * From the field that singles out the fewest records to the one that leaves the most. A store looks
 * the first one given up in its index and compares the others, so that ending one session costs the
 * same however many records its client has.
 */
const filterFields = ['grant_id', 'session_id', 'subject', 'client_id', 'type'] as const

export type FilterField = (typeof filterFields)[number]

/** A field and the values it may have. Only `type` can have more than one. */
export type Criterion = readonly [field: FilterField, values: readonly string[]]

/**
 * The fields of a filter, the most selective first.
 *
 * A field that is present but undefined is refused: it is an id somebody failed to find, and to pass
 * over it would remove the records of everyone.
 *
 * @throws {TypeError} for an empty filter, an undefined field or an empty list of types
 */
export function readRecordFilter(filter: RecordFilter): [Criterion, ...Criterion[]] {
  const [first, ...rest] = filterFields
    .filter((field) => field in filter)
    .map((field): Criterion => [field, readValues(field, filter[field])])
  if (first === undefined) throw new TypeError('the filter of records is empty')
  return [first, ...rest]
}

function readValues(field: FilterField, value: string | readonly string[] | undefined) {
  const values = typeof value === 'string' ? [value] : (value ?? [])
  if (values.length === 0) throw new TypeError(`the filter of records has no value for ${field}`)
  return values
}
