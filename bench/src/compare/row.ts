import { median } from '../median.ts'
import { type Round, spread } from './measure.ts'
import type { Column } from './programs.ts'
import type { SignatureOperation } from './signature-cost.ts'

/** Whether a goal was reached, by the median of the rounds. */
export type Verdict = 'reached' | 'missed'

export interface Goal {
  /** What was measured, and what it was to be. */
  readonly text: string
  readonly verdict: Verdict
  /** Whether it was reached in some rounds and in others not. */
  readonly isWithinNoise: boolean
}

/** A line of the results. */
export interface Row {
  /** The table that it stands in. */
  readonly section: 'operation' | 'growth' | 'process'
  readonly title: string
  /** What was measured, by column. */
  readonly cells: Readonly<Partial<Record<Column, string>>>
  /** What it was to reach, and whether it did; absent for what has no goal. */
  readonly goals: readonly Goal[]
  /** What the cost of ours consists of; where a part of it is known, what the rest does. */
  readonly dominatedBy: string
  /** What ours signs and verifies for it. */
  readonly signatures?: readonly SignatureOperation[]
  /** What it costs, ours in memory and at the limit: microseconds. */
  readonly costs?: { readonly memory: number; readonly limit?: number }
  /** Throughput and latency, for what was loaded. */
  readonly load?: Readonly<Partial<Record<Column, string>>>
}

/** Microseconds of processor time an operation. */
export function describeCost(rounds: readonly Round[]): string {
  const costs = rounds.map(({ cpu }) => cpu)
  return `${number(median(costs))} µs ${describeSpread(costs)}`
}

export function describeLoad(rounds: readonly Round[]): string {
  const rates = rounds.map(({ rate }) => rate)
  const times = rounds.map(({ p99 }) => p99)
  const [lowest, highest] = [Math.min(...times), Math.max(...times)].map((time) => time.toFixed(1))
  return `${number(median(rates))}/s ${describeSpread(rates)}, ${median(times).toFixed(1)} ms (${lowest} to ${highest})`
}

/** How far the rounds lay apart: half the distance between the lowest and the highest, as a part of their median. */
export function describeSpread(rounds: readonly number[]): string {
  return `±${Math.round(spread(rounds) * 50)} %`
}

/** How many times the cost of `one` the cost of `other` is, in each round. */
export function ratios(one: readonly Round[], other: readonly Round[]): number[] {
  return one.map(({ cpu }, index) => (other[index]?.cpu ?? Number.NaN) / cpu)
}

/**
 * A goal that is reached by being at least so many times as much.
 *
 * @param rounds the value of each round, or the only one
 */
export function atLeast(what: string, rounds: readonly number[], least: number): Goal {
  return judge(rounds, (value) => value >= least, { what, unit: '×', goal: `≥ ${least}` })
}

/**
 * A goal that is reached by being at most so much.
 *
 * @param rounds the value of each round, or the only one
 */
export function atMost(what: string, rounds: readonly number[], most: number, unit: string): Goal {
  return judge(rounds, (value) => value <= most, { what, unit, goal: `≤ ${most}` })
}

type Reaches = (value: number) => boolean

function judge(
  rounds: readonly number[],
  reaches: Reaches,
  { what, unit, goal }: Readonly<Record<'what' | 'unit' | 'goal', string>>,
): Goal {
  const verdict = reaches(median(rounds)) ? 'reached' : 'missed'
  const isWithinNoise = rounds.some((value) => reaches(value) !== reaches(median(rounds)))
  const value = showSide(median(rounds), reaches)
  const [lowest, highest] = [Math.min(...rounds), Math.max(...rounds)]
  const range = `, ${showSide(lowest, reaches)} to ${showSide(highest, reaches)}`
  const text = isWithinNoise
    ? `${what} ${value} ${unit}${range} (${goal}): ${verdict}, within the noise`
    : `${what} ${value} ${unit} (${goal})`
  return { text, verdict, isWithinNoise }
}

/** With as many digits more than usual as it takes for the rounded value to be on the same side of the goal. */
function showSide(value: number, reaches: Reaches): string {
  let digits = value < 10 ? 2 : 0
  while (reaches(Number(value.toFixed(digits))) !== reaches(value)) digits++
  return value.toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}

export function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : 0 })
}
