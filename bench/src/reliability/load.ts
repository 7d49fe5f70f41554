import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'

import type { Flow } from './flow.ts'
import { createHttp } from './http.ts'

/** What came of a load. */
export interface Load {
  readonly flows: number
  readonly requests: number
  /** Milliseconds of each flow, in the order of their ends: at a rate from when it was due, else from its beginning. */
  readonly durations: readonly number[]
  readonly errors: readonly unknown[]
  readonly seconds: number
}

export interface LoadOptions {
  readonly seconds: number
  /**
   * Flows that are due in a second. One that finds all workers with flows that have not ended begins late, which is part
   * of what it takes: a server that stalls keeps whoever comes meanwhile. By default as many as will go.
   */
  readonly rate?: number
}

/** Flows under way at once, at most. */
const workers = 16

/** Milliseconds that a flow may take beside somebody who is slow or hangs, where the machine has nothing else to do. */
export const longestFlow = 1_000

/** Runs flows in turn, for a time. */
export async function runLoad(
  url: string,
  flows: readonly Flow[],
  { seconds, rate }: LoadOptions,
): Promise<Load> {
  const durations: number[] = []
  const errors: unknown[] = []
  let requests = 0
  const http = createHttp(url, () => requests++)
  const started = performance.now()
  const end = started + seconds * 1000
  let begun = 0

  async function work(): Promise<void> {
    for (;;) {
      const turn = begun++
      const due = rate === undefined ? performance.now() : started + (turn / rate) * 1000
      if (Math.max(due, performance.now()) >= end) return
      if (due > performance.now()) await delay(due - performance.now())
      await flows[turn % flows.length]?.(http).catch((error) => errors.push(error))
      durations.push(performance.now() - due)
    }
  }

  await Promise.all(Array.from({ length: workers }, work))
  const took = (performance.now() - started) / 1000
  return { flows: begun - workers, requests, durations, errors, seconds: took }
}

/** The value that the given share of the numbers does not exceed. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN
}

/** How much it was, and what half of the flows, 99 of 100 and the slowest took. */
export function describeLoad({ flows, requests, durations }: Load): string {
  const [p50, p99, most] = [0.5, 0.99, 1].map((share) => quantile(durations, share).toFixed(1))
  return `${flows} flows of ${requests} requests, p50 ${p50} ms, p99 ${p99} ms, at most ${most} ms`
}

/**
 * Asserts that nothing went wrong, and that nobody was kept for too long.
 *
 * @param longest milliseconds that the slowest flow may take, where the machine has nothing else to do
 */
export function requireGoodLoad({ errors, durations }: Load, longest = Infinity): void {
  assert.deepEqual(errors, [])
  const slowest = quantile(durations, 1)
  assert.ok(slowest <= longest, `a flow took ${slowest} ms, and may take ${longest}`)
}

/** Where a script says what it sees: on the console, or in the report of a test. */
export type Print = (line: string) => void
