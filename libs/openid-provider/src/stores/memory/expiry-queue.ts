/** Something that expires and knows its place in the queue. */
export interface Expiring {
  /** Milliseconds since the epoch, or undefined for what is never queued. */
  readonly expires: number | undefined
  /** Kept by the queue: where it stands, so that it can leave without being searched for. */
  position: number
}

/**
 * What expires next comes first: a binary heap, so that joining and leaving cost the logarithm of what
 * it holds. What leaves early leaves nothing behind: most codes and refresh tokens are taken long
 * before they expire.
 */
export class ExpiryQueue<T extends Expiring> {
  readonly #heap: T[] = []

  first(): T | undefined {
    return this.#heap[0]
  }

  add(item: T): void {
    if (item.expires === undefined) return
    this.#rise(item, this.#heap.length)
  }

  remove(item: T): void {
    if (item.expires === undefined) return
    const last = this.#heap.pop()
    if (last === undefined || last === item) return
    // The last one fills the gap and then moves to where it belongs, whichever way that is.
    this.#rise(last, item.position)
    this.#sink(last, last.position)
  }

  #rise(item: T, from: number): void {
    let position = from
    while (position > 0) {
      const above = (position - 1) >> 1
      const parent = this.#heap[above]
      if (parent === undefined || expiresBefore(parent, item)) break
      this.#put(parent, position)
      position = above
    }
    this.#put(item, position)
  }

  #sink(item: T, from: number): void {
    let position = from
    for (;;) {
      const [left, right] = [this.#heap[2 * position + 1], this.#heap[2 * position + 2]]
      const next = left && right && expiresBefore(right, left) ? right : left
      if (next === undefined || expiresBefore(item, next)) break
      const below = next.position
      this.#put(next, position)
      position = below
    }
    this.#put(item, position)
  }

  #put(item: T, position: number): void {
    this.#heap[position] = item
    item.position = position
  }
}

function expiresBefore(one: Expiring, other: Expiring): boolean {
  return Number(one.expires) <= Number(other.expires)
}
