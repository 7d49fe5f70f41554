import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'

import {
  type Client,
  ConfigurationError,
  clientFromConfiguration,
  createSecret,
  describeProblem,
  noSecretYet,
  type Secret,
  sha256,
  sharedSecret,
} from '@basics/openid-provider'

import { CommandRefused, UsageError } from './command-refused.ts'
import type { Command } from './run-command.ts'

/** Registers a client from JSON. */
export const addClient: Command = async ({ subject: file }, { clients, builtIn }) => {
  const secret = createSecret()
  const { client, warnings, isSecretNew } = readClient(await readInput(file), secret)
  const { clientId } = client
  if (builtIn.some((each) => each.clientId === clientId))
    throw new CommandRefused(`${clientId} is a client that the token service has in its code`)
  if (!(await clients.add(client)))
    throw new CommandRefused(
      `there is a client ${clientId} already; remove it, or choose another id`,
    )
  const lines = [`${clientId} is registered`]
  if (isSecretNew) lines.push('', 'Its secret, which is shown this once:', '', `  ${secret}`)
  return { output: lines.join('\n'), warnings }
}

interface NewClient {
  readonly client: Client
  readonly warnings: readonly string[]
  /** Whether the client has the new secret: it needs one, and brings none. */
  readonly isSecretNew: boolean
}

function readClient(json: string, secret: string): NewClient {
  const generated = sharedSecret(sha256(secret))
  const { client, warnings } = readWithSecret(json, generated)
  // A registration as documents print it has its secrets emptied.
  const clientSecrets = client.clientSecrets?.map((each) =>
    each.value === noSecretYet.value ? generated : each,
  )
  return {
    client: { ...client, ...(clientSecrets && { clientSecrets }) },
    warnings: warnings.filter(({ path }) => !isEmptiedSecret(path)).map(describeProblem),
    isSecretNew: clientSecrets?.some(({ value }) => value === generated.value) ?? false,
  }
}

/** The client as it is, if it is in order without a secret of ours; or else with it. */
function readWithSecret(json: string, secret: Secret) {
  try {
    return clientFromConfiguration(json)
  } catch {
    return readOrRefuse(() => clientFromConfiguration(json, { secret }))
  }
}

function readOrRefuse<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof ConfigurationError) throw new CommandRefused(error.message)
    throw error
  }
}

/** The only warning about a secret's value: that it is empty, which it is no longer. */
function isEmptiedSecret(path: string): boolean {
  return /^ClientSecrets\[\d+\]\.Value$/i.test(path)
}

async function readInput(file: string | undefined): Promise<string> {
  if (file !== undefined && file !== '-') return readFileOrRefuse(file)
  if (process.stdin.isTTY) throw new UsageError('a file is missing, or JSON on standard input')
  return text(process.stdin)
}

async function readFileOrRefuse(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CommandRefused(`the file ${file} cannot be read (${code})`)
  }
}
