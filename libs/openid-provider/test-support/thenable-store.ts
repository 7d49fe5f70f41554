import { memoryStore, type Store } from '../src/index.ts'

/** A store whose answers are promises of a class of its own, which does nothing before it is waited for. */
export function thenableStore(): Store {
  return new Proxy(memoryStore(), {
    get(store, name) {
      const member: unknown = Reflect.get(store, name)
      if (typeof member !== 'function') return member
      return (...parameters: unknown[]) => new Query(() => Reflect.apply(member, store, parameters))
    },
  })
}

class Query implements PromiseLike<unknown> {
  readonly #run: () => unknown

  constructor(run: () => unknown) {
    this.#run = run
  }

  // biome-ignore lint/suspicious/noThenProperty: it is what makes it a promise to those who wait.
  then: PromiseLike<unknown>['then'] = (onAnswer, onError) =>
    Promise.resolve().then(this.#run).then(onAnswer, onError)
}
