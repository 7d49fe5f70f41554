import type { StoredRecord } from '../store.ts'

/** A record that lives from 0 to 1,000 ms, except for what a test says about it. */
export function createRecord(parts: Partial<StoredRecord> = {}): StoredRecord {
  return { type: 'code', key: 'k', created: 0, expires: 1_000, data: {}, ...parts }
}

/** The keys, joined in their order. */
export function sortKeys(records: readonly StoredRecord[]): string {
  return records
    .map(({ key }) => key)
    .sort()
    .join('')
}
