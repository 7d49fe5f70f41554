import { parseArgs } from 'node:util'

/** The fewest whose medians are worth writing down. */
const roundsToWrite = 5

/** What a run is asked to do. */
export interface Options {
  /** What to measure, in this order. */
  readonly names: readonly string[]
  readonly rounds: number
  /** Whether docs/performance.md is to tell of it: everything was measured, and often enough. */
  readonly isWritten: boolean
}

/**
 * Reads the command line: `--only` with names between commas, and `--rounds`.
 *
 * @param known the names of all that can be measured
 * @throws {Error} a sentence that says which option is wrong
 */
export function readOptions(args: readonly string[], known: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: String(roundsToWrite) },
    },
  })
  const names = values.only?.split(',') ?? known
  for (const name of names)
    if (!known.includes(name)) throw new Error(`there is no ${name} to measure`)
  const rounds = readRounds(values.rounds)
  return { names, rounds, isWritten: values.only === undefined && rounds >= roundsToWrite }
}

function readRounds(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new Error(`--rounds is '${text}', and has to be a whole number of at least 1`)
  return Number(text)
}
