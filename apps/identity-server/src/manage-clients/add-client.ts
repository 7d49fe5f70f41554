import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'

import {
  type Client,
  ConfigurationError,
  createSecret,
  describeProblem,
  noSecretYet,
  type Secret,
  sha256,
  sharedSecret,
} from '@basics/openid-provider'
import { clientFromConfiguration } from '@basics/openid-provider/configuration-file'

import { CommandRefused, UsageError } from './command-refused.ts'
import { isRegisteredElsewhere } from './is-registered-elsewhere.ts'
import type { Command, CommandContext } from './run-command.ts'

/** Registers a client from JSON. */
export const addClient: Command = async ({ subject: file }, context) => {
  const secret = createSecret()
  const { client, warnings, isSecretNew } = readClient(await readInput(file), secret)
  const { clientId } = client
  if (await isRegisteredElsewhere(clientId, context)) throw CommandRefused.elsewhere(clientId)
  const unknownScopes = await warnOfUnknownScopes(client, context)
  if (!(await context.clients.add(client)))
    throw new CommandRefused(
      `there is a client ${clientId} already; remove it, or choose another id`,
    )
  const lines = [`${clientId} is registered`]
  if (isSecretNew) lines.push('', 'Its secret, which is shown this once:', '', `  ${secret}`)
  return { output: lines.join('\n'), warnings: [...warnings, ...unknownScopes] }
}

/** They may be registered one day; until then the client asks for them in vain. */
async function warnOfUnknownScopes(
  { clientId, allowedScopes = [] }: Client,
  { readRegistrations }: CommandContext,
): Promise<string[]> {
  const { resources } = readRegistrations()
  const { identityResources, apiScopes } = await resources.findResourcesByScope(allowedScopes)
  const known = new Set([...identityResources, ...apiScopes].map(({ name }) => name))
  return allowedScopes
    .filter((scope) => !known.has(scope))
    .map((scope) => `client ${clientId}: AllowedScopes has '${scope}', which is no scope`)
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
  const clientSecrets = client.clientSecrets && fillSecrets(client, generated)
  return {
    client: { ...client, ...(clientSecrets && { clientSecrets }) },
    warnings: warnings.filter(({ path }) => !isEmptiedSecret(path)).map(describeProblem),
    isSecretNew: clientSecrets?.some(({ value }) => value === generated.value) ?? false,
  }
}

/** A registration as documents print it has its secrets emptied. A public client needs none in their place. */
function fillSecrets(
  { clientSecrets = [], requireClientSecret }: Client,
  generated: Secret,
): readonly Secret[] {
  const replacement = requireClientSecret === false ? [] : [generated]
  return clientSecrets.flatMap((each) => (each.value === noSecretYet.value ? replacement : [each]))
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
