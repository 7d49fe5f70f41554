import { type Measured, measureTwo, type Round } from './measure.ts'
import type { Servers } from './programs.ts'
import { atMost, describeCost, type Row, ratios } from './row.ts'

/** The stores that something is kept in, by the column of their figures. */
export type StoreColumn = 'memory' | 'sqlite'

/** The rounds beside few, and those beside many. */
export type Pair = readonly [few: Round[], many: Round[]]

/** An operation whose cost is not to grow with what is kept. */
export interface Growing extends Measured {
  readonly title: string
  readonly dominatedBy: string
}

/** Two servers of a kind, with little to keep and with much. */
export type PairOfServers = Servers<'few' | 'many'>

/**
 * A row for each operation: what it costs beside few and beside many, with each store.
 *
 * @param measurePairs measures the operations, in their order
 */
export async function createGrowthRows(
  operations: readonly Pick<Growing, 'title' | 'dominatedBy'>[],
  measurePairs: (store: StoreColumn) => Promise<readonly Pair[]>,
): Promise<Row[]> {
  const memory = await measurePairs('memory')
  const sqlite = await measurePairs('sqlite')
  return operations.map(({ title, dominatedBy }, index) => {
    const pairs = { memory: memory[index] ?? [[], []], sqlite: sqlite[index] ?? [[], []] } as const
    return {
      section: 'growth',
      title,
      cells: { memory: describeGrowth(pairs.memory), sqlite: describeGrowth(pairs.sqlite) },
      goals: [
        atMost('memory', ratios(...pairs.memory), 1.1, '×'),
        atMost('SQLite', ratios(...pairs.sqlite), 1.1, '×'),
      ],
      dominatedBy,
    }
  })
}

/** Measures operations on the same two servers, one after the other. */
export async function measureAll(
  operations: readonly Growing[],
  servers: PairOfServers,
  rounds: number,
): Promise<Pair[]> {
  // This collects garbage: what adding a million at once leaves behind is no part of having them.
  for (const [, server] of servers) await server.ask('memory')
  const pairs: Pair[] = []
  for (const operation of operations) pairs.push(await measureTwo(operation, servers, rounds))
  return pairs
}

function describeGrowth(pair: Pair): string {
  return pair.map(describeCost).join(' → ')
}
