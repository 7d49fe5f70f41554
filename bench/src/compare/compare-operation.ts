import { measure, type Round } from './measure.ts'
import type { Operation } from './operations.ts'
import type { Column, Servers } from './programs.ts'
import { atLeast, describeCost, describeLoad, type Row, ratios } from './row.ts'

/** Measures an operation on the servers that can do it, and compares with the goals. */
export async function compareOperation(
  operation: Operation,
  servers: Servers<Column>,
  rounds: number,
): Promise<Row> {
  const able = servers.filter(([name]) => name !== 'limit' || operation.hasLimit)
  const measured = await measure(operation, able, rounds)
  const { title, dominatedBy } = operation
  return {
    section: 'operation',
    title,
    dominatedBy,
    cells: describe(measured, describeCost),
    load: describe(measured, describeLoad),
    goals: goals(operation, measured),
  }
}

function describe(measured: Map<Column, Round[]>, how: (rounds: readonly Round[]) => string) {
  return Object.fromEntries([...measured].map(([name, rounds]) => [name, how(rounds)]))
}

function goals(operation: Operation, measured: Map<Column, Round[]>): Row['goals'] {
  const [memory, sqlite] = [measured.get('memory') ?? [], measured.get('sqlite') ?? []]
  const other = measured.get('oidc-provider') ?? []
  const limit = measured.get('limit') ?? []
  return [
    atLeast('memory', ratios(memory, other), operation.goals.memory),
    operation.goals.sqlite && atLeast('SQLite', ratios(sqlite, other), operation.goals.sqlite),
    operation.share && atLeast('of the limit', ratios(memory, limit), operation.share),
  ].filter((goal) => typeof goal === 'object')
}
