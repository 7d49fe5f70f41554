import type { Store, StoredRecord } from '../src/index.ts'

/** What a test has happen before a method of a store does something to a record of a type. */
interface Interruption {
  readonly method: keyof Store
  readonly type: string
  readonly action: () => unknown
}

/**
 * A store in front of another one, at any step of which a test has something else happen, once: another
 * request, or a failure, when the action throws.
 */
export function interruptedStore(store: Store) {
  const waiting: Interruption[] = []
  let steps = { left: 0, action: (): unknown => undefined }

  async function interrupt(method: string, [what]: readonly unknown[]): Promise<void> {
    if (--steps.left === 0) await steps.action()
    const type = typeof what === 'object' ? (what as StoredRecord).type : what
    const index = waiting.findIndex((each) => each.method === method && each.type === type)
    const [interruption] = index === -1 ? [] : waiting.splice(index, 1)
    await interruption?.action()
  }

  const interrupted = new Proxy(store, {
    get(_store, name) {
      const member: unknown = Reflect.get(store, name)
      if (typeof member !== 'function') return member
      return async (...parameters: unknown[]) => {
        await interrupt(String(name), parameters)
        return Reflect.apply(member, store, parameters)
      }
    },
  })

  return {
    store: interrupted,
    before(method: keyof Store, type: string, action: Interruption['action']): void {
      waiting.push({ method, type, action })
    },
    /** Before the first step from now on, or the second, and so on, whatever it is. */
    beforeStep(number: number, action: Interruption['action']): void {
      steps = { left: number, action }
    },
  }
}
