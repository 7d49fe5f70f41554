import type { Secret } from '@basics/openid-provider'

import { CommandRefused, UsageError } from './command-refused.ts'
import type { Command } from './run-command.ts'

const defaultLimit = 100
const maximumLimit = 10_000

/** One line a client: id, state, grant types, name. */
export const listClients: Command = async ({ options }, { clients }) => {
  const { after } = options
  const limit = readLimit(options.limit)
  const page = await clients.list({ limit, ...(after !== undefined && { after }) })
  if (page.length === 0) return { output: 'no clients' }
  const rows = page.map((client) => [
    client.clientId,
    client.enabled === false ? 'disabled' : 'enabled',
    client.allowedGrantTypes.join(' '),
    client.clientName ?? '',
  ])
  const more = page.length === limit ? [`more: --after ${page.at(-1)?.clientId}`] : []
  return { output: [...alignColumns(rows), ...more].join('\n') }
}

/** A registration as JSON, of whose secrets it says that they are there and when they end. */
export const showClient: Command = async ({ subject = '' }, { clients }) => {
  const client = await clients.get(subject)
  if (client === undefined) throw CommandRefused.unknown(subject)
  const shown = { ...client, clientSecrets: client.clientSecrets?.map(describeSecret) }
  return { output: JSON.stringify(shown, null, 2) }
}

function describeSecret({ type, description, expiration }: Secret): Partial<Secret> {
  return {
    type,
    ...(description !== undefined && { description }),
    ...(expiration !== undefined && { expiration }),
  }
}

function readLimit(text = String(defaultLimit)): number {
  const limit = Number(text)
  if (!Number.isInteger(limit) || limit < 1 || limit > maximumLimit)
    throw new UsageError(`--limit is ${text}; expected a number from 1 to ${maximumLimit}`)
  return limit
}

function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_each, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => printable(cell).padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** A name is anybody's text: it does not move the cursor, and one client stays one line. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?')
}
