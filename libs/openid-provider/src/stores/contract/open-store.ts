import type { TestContext } from 'node:test'

import type { Store } from '../store.ts'

/** Opens a new and empty store that reads the time, in milliseconds, from `now`, and is closed when the test ends. */
export type OpenStore = (t: TestContext, now: () => number) => Store
