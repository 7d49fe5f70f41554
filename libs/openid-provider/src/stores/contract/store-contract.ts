import { describe } from 'node:test'

import { describeDueRecords } from './due-records.ts'
import { describeFilters } from './filters.ts'
import type { OpenStore } from './open-store.ts'
import { describeSingleUse } from './single-use.ts'
import { describeStoring } from './storing.ts'

/** What every `Store` promises, as tests that each implementation runs. */
export function describeStore(name: string, open: OpenStore): void {
  describe(name, () => {
    describeStoring(open)
    describeSingleUse(open)
    describeDueRecords(open)
    describeFilters(open)
  })
}
