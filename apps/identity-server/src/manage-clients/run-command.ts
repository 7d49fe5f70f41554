import { parseArgs } from 'node:util'

import type { ClientRegistry, Store } from '@basics/openid-provider'

import type { Registrations } from '../registrations.ts'
import { addClient } from './add-client.ts'
import { CommandRefused, UsageError } from './command-refused.ts'
import { listClients, showClient } from './describe-clients.ts'
import { isRegisteredElsewhere } from './is-registered-elsewhere.ts'
import { rotateClientSecret } from './rotate-client-secret.ts'
import { usage } from './usage.ts'

export { CommandRefused, UsageError } from './command-refused.ts'

/** What commands work with. */
export interface CommandContext {
  readonly clients: ClientRegistry
  /** Where the records of a client are that goes. */
  readonly store: Store
  /**
   * What code and configuration file register, which nothing here changes. It throws when the file has
   * mistakes, so it is for commands that cannot do without: a client can be disabled at any time.
   */
  readonly readRegistrations: () => Registrations
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export interface CommandInput {
  /** The client's id; for `add` the file. */
  readonly subject: string | undefined
  /** The options of the command line, as they were given. */
  readonly options: Readonly<Record<string, string | undefined>>
}

export interface CommandOutput {
  readonly output: string
  readonly warnings?: readonly string[]
}

export type Command = (input: CommandInput, context: CommandContext) => Promise<CommandOutput>

interface CommandDefinition {
  readonly run: Command
  /** What stands behind the command's name, beside options. */
  readonly subject: 'needed' | 'optional' | 'none'
  readonly options?: readonly string[]
}

const commands = new Map<string, CommandDefinition>([
  ['list', { run: listClients, subject: 'none', options: ['after', 'limit'] }],
  ['show', { run: showClient, subject: 'needed' }],
  ['add', { run: addClient, subject: 'optional' }],
  ['disable', { run: setEnabled(false), subject: 'needed' }],
  ['enable', { run: setEnabled(true), subject: 'needed' }],
  ['remove', { run: removeClient, subject: 'needed' }],
  ['rotate-secret', { run: rotateClientSecret, subject: 'needed', options: ['keep-old'] }],
])

/**
 * Does what a command line says.
 *
 * @param args without the program's name: `add client.json`
 * @returns what to print; a secret is in it only when it has just been made
 * @throws {UsageError} for a command line that makes no sense
 * @throws {CommandRefused} saying why it was not done
 */
export async function runCommand(
  args: readonly string[],
  context: CommandContext,
): Promise<CommandOutput> {
  const [name, ...rest] = args
  if (name === undefined) throw new UsageError('no command is given')
  if (['help', '--help', '-h'].includes(name) || rest.includes('--help')) return { output: usage }
  const command = commands.get(name)
  if (command === undefined) throw new UsageError(`there is no command ${name}`)
  return command.run(readInput(rest, command), context)
}

function readInput(args: readonly string[], definition: CommandDefinition): CommandInput {
  const { subject: need, options = [] } = definition
  const { positionals, values } = parse(args, options)
  const [subject, ...others] = positionals
  if (need === 'needed' && !subject) throw new UsageError('the id of a client is missing')
  const tooMany = need === 'none' ? subject : others[0]
  if (tooMany !== undefined) throw new UsageError(`what is ${tooMany} for?`)
  return { subject, options: values }
}

function parse(args: readonly string[], names: readonly string[]) {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function setEnabled(enabled: boolean): Command {
  return async ({ subject = '' }, { clients }) => {
    if (!(await clients.setEnabled(subject, enabled))) throw CommandRefused.unknown(subject)
    return { output: `${subject} is ${enabled ? 'enabled' : 'disabled'}` }
  }
}

/** With all that it was granted: a new client of the same name is another one. */
async function removeClient(
  { subject = '' }: CommandInput,
  context: CommandContext,
): Promise<CommandOutput> {
  const { clients, store } = context
  const isElsewhere = await isRegisteredElsewhere(subject, context)
  if (!(await clients.remove(subject))) throw CommandRefused.unknown(subject)
  // The tokens were issued to that one: it is the one that was served.
  if (isElsewhere)
    return { output: `${subject} is removed; what was granted to its namesake elsewhere stays` }
  await store.removeAll({ client_id: subject })
  return { output: `${subject} is removed, with the tokens and consents that were stored for it` }
}
