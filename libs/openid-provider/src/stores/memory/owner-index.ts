/**
 * What belongs to whom, by the owner's id. Most grants and sessions have one record of a type, which is
 * kept without a set around it.
 */
export class OwnerIndex<T extends object> {
  readonly #owned = new Map<string, T | Set<T>>()

  /** How many own something. */
  get size(): number {
    return this.#owned.size
  }

  get(id: string): Iterable<T> {
    const owned = this.#owned.get(id)
    if (owned === undefined) return []
    return owned instanceof Set ? owned : [owned]
  }

  add(id: string, item: T): void {
    const owned = this.#owned.get(id)
    if (owned === undefined) this.#owned.set(id, item)
    else if (owned instanceof Set) owned.add(item)
    else this.#owned.set(id, new Set([owned, item]))
  }

  /** Of one that owns nothing any more, nothing stays: sessions and grants are as many as the records. */
  remove(id: string, item: T): void {
    const owned = this.#owned.get(id)
    if (owned instanceof Set) owned.delete(item)
    if (owned === item || (owned instanceof Set && owned.size === 0)) this.#owned.delete(id)
  }
}
