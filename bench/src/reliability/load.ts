import { setTimeout as delay } from 'node:timers/promises'

import type { Flow } from './flows.ts'
import { createHttp } from './http.ts'

/** What came of a load. */
export interface Load {
  readonly flows: number
  /** Milliseconds of each request, in the order of the answers. */
  readonly durations: readonly number[]
  readonly errors: readonly unknown[]
  readonly seconds: number
}

export interface LoadOptions {
  readonly seconds: number
  /** Flows that begin in a second, whether or not those before have ended. By default as many as will go. */
  readonly rate?: number
  /** Flows under way at once, at most. */
  readonly workers?: number
}

/** Runs flows in turn, for a time. */
export async function runLoad(
  url: string,
  flows: readonly Flow[],
  { seconds, rate = Number.POSITIVE_INFINITY, workers = 16 }: LoadOptions,
): Promise<Load> {
  const durations: number[] = []
  const errors: unknown[] = []
  const http = createHttp(url, (duration) => durations.push(duration))
  const started = performance.now()
  const end = started + seconds * 1000
  let begun = 0

  async function work(): Promise<void> {
    for (;;) {
      const turn = begun++
      const due = started + (turn / rate) * 1000
      if (Math.max(due, performance.now()) >= end) return
      if (due > performance.now()) await delay(due - performance.now())
      await flows[turn % flows.length]?.(http).catch((error) => errors.push(error))
    }
  }

  await Promise.all(Array.from({ length: workers }, work))
  const took = (performance.now() - started) / 1000
  return { flows: begun - workers, durations, errors, seconds: took }
}

/** The value that the given share of the numbers does not exceed. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN
}

/** For a table: requests, p50 and p99 in milliseconds. */
export function describeDurations(durations: readonly number[]): string {
  const [p50, p99] = [0.5, 0.99].map((share) => quantile(durations, share).toFixed(1))
  return `${durations.length} requests, p50 ${p50} ms, p99 ${p99} ms`
}

/** Where a script says what it sees: on the console, or in the report of a test. */
export type Print = (line: string) => void
