import { median, type Round, spread } from './measure.ts'
import type { Column } from './programs.ts'

/** A line of the results. */
export interface Row {
  /** The table that it stands in. */
  readonly section: 'operation' | 'growth' | 'process'
  readonly title: string
  /** What was measured, by column. */
  readonly cells: Readonly<Partial<Record<Column, string>>>
  /** What it was to reach, and whether it did; absent for what has no goal. */
  readonly goals: readonly { readonly text: string; readonly isReached: boolean }[]
  readonly dominatedBy: string
  /** Throughput and latency, for what was loaded. */
  readonly load?: Readonly<Partial<Record<Column, string>>>
}

/** Microseconds of processor time an operation, and how far the rounds lay apart. */
export function describeCost(rounds: readonly Round[]): string {
  const costs = rounds.map(({ cpu }) => cpu)
  return `${number(median(costs))} µs ±${Math.round(spread(costs) * 50)} %`
}

export function describeLoad(rounds: readonly Round[]): string {
  const [rate, p99] = [
    median(rounds.map((each) => each.rate)),
    median(rounds.map((each) => each.p99)),
  ]
  return `${number(rate)}/s, ${p99.toFixed(1)} ms`
}

/** How many times the cost of `one` the cost of `other` is, round by round. */
export function ratio(one: readonly Round[], other: readonly Round[]): number {
  return median(one.map(({ cpu }, index) => (other[index]?.cpu ?? Number.NaN) / cpu))
}

/** A goal that is reached by being at least so much. */
export function atLeast(what: string, value: number, goal: number) {
  return { text: `${what} ${value.toFixed(2)} × (≥ ${goal})`, isReached: value >= goal }
}

export function atMost(what: string, value: number, goal: number, unit: string) {
  return { text: `${what} ${number(value)} ${unit} (≤ ${goal})`, isReached: value <= goal }
}

export function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : 0 })
}
