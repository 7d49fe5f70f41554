import { setImmediate } from 'node:timers/promises'

import { memoryStore, type Store } from '../src/index.ts'

/**
 * A store that answers later, as one on another machine does, so that requests overlap between any two
 * of their steps.
 */
export function slowStore(): Store {
  return new Proxy(memoryStore(), {
    get(store, name) {
      const member: unknown = Reflect.get(store, name)
      if (typeof member !== 'function') return member
      return async (...parameters: unknown[]) => {
        await setImmediate()
        return Reflect.apply(member, store, parameters)
      }
    },
  })
}
