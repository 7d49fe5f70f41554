/**
 * A map that forgets what was not used for longest when it has more than `maximum` entries: a hundredth of
 * them at once, since to find the first of a map V8 has to pass the places of those that were deleted.
 */
export class RecentlyUsed<Key, Value> {
  readonly #entries = new Map<Key, Value>()
  readonly #maximum: number

  constructor(maximum: number) {
    this.#maximum = maximum
  }

  get(key: Key): Value | undefined {
    const value = this.#entries.get(key)
    // A map keeps the order of insertion: what is used goes to its end.
    if (value !== undefined && this.#entries.delete(key)) this.#entries.set(key, value)
    return value
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size > this.#maximum) this.#forgetOldest(Math.ceil(this.#maximum / 100))
  }

  delete(key: Key): void {
    this.#entries.delete(key)
  }

  #forgetOldest(count: number): void {
    for (const key of this.#entries.keys().take(count)) this.#entries.delete(key)
  }
}
