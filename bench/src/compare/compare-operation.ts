import { median } from '../median.ts'
import { measure, type Round } from './measure.ts'
import type { Operation } from './operations.ts'
import type { Column, Servers } from './programs.ts'
import { atLeast, atMost, describeCost, describeLoad, type Goal, type Row, ratios } from './row.ts'

/** What rounds differ by is not yet a sign of work left undone. */
const mostOfLimit = 1.2

/** Measures an operation on the servers that can do it, and compares with the goals. */
export async function compareOperation(
  operation: Operation,
  servers: Servers<Column>,
  rounds: number,
): Promise<Row> {
  const able = servers.filter(([name]) => name !== 'limit' || operation.hasLimit)
  const measured = await measure(operation, able, rounds)
  const { title, dominatedBy, signatures } = operation
  return {
    section: 'operation',
    title,
    dominatedBy,
    ...(signatures && { signatures }),
    costs: costs(measured),
    cells: describe(measured, describeCost),
    load: describe(measured, describeLoad),
    goals: judgeOperation(operation, measured),
  }
}

function costs(measured: Map<Column, Round[]>): NonNullable<Row['costs']> {
  const costOf = (rounds: readonly Round[]) => median(rounds.map(({ cpu }) => cpu))
  const limit = measured.get('limit')
  return { memory: costOf(measured.get('memory') ?? []), ...(limit && { limit: costOf(limit) }) }
}

function describe(measured: Map<Column, Round[]>, how: (rounds: readonly Round[]) => string) {
  return Object.fromEntries([...measured].map(([name, rounds]) => [name, how(rounds)]))
}

function judgeOperation(operation: Operation, measured: Map<Column, Round[]>): Row['goals'] {
  const [memory, sqlite] = [measured.get('memory') ?? [], measured.get('sqlite') ?? []]
  const other = measured.get('oidc-provider') ?? []
  const limit = measured.get('limit') ?? []
  const { goals, share } = operation
  return [
    goals && atLeast('memory', ratios(memory, other), goals.memory),
    goals?.sqlite && atLeast('SQLite', ratios(sqlite, other), goals.sqlite),
    share && atLeast('of the limit', ratios(memory, limit), share),
    doubtOf(ratios(memory, limit)),
  ].filter((goal) => typeof goal === 'object')
}

/**
 * Who needs less than what there is to do leaves something out: a goal that is missed.
 *
 * @param shares what the limit needs as a part of what ours does, round by round
 */
export function doubtOf(shares: readonly number[]): Goal | undefined {
  if (!(median(shares) > mostOfLimit)) return undefined
  return atMost('less than there is to do: of the limit', shares, mostOfLimit, '×')
}
