import { type Client, clientDefaults, type RegisteredClient } from './client.ts'
import { clientChecks } from './client-checks.ts'
import {
  ConfigurationError,
  type ConfigurationProblem,
  type Report,
} from './configuration-error.ts'
import { requireClientKinds } from './require-client-kinds.ts'

/** Marks what was registered, and is not copied with it. */
const mark = Symbol('registered')

/**
 * Completes a client with the defaults and checks it.
 *
 * @throws {ConfigurationError} naming the client, each property that is wrong, and what is expected.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7591.html#section-2 RFC 7591 §2}, for what is checked
 */
export function registerClient(client: Client): RegisteredClient {
  requireClientKinds(client)
  const registered = withDefaults(client)
  const problems = findProblems(registered)
  if (problems.length > 0) throw new ConfigurationError(problems)
  return Object.freeze(Object.defineProperty(registered, mark, { enumerable: false }))
}

/** Whether {@link registerClient} made this very client, so that it need not be checked again. */
export function isRegistered(client: Client): client is RegisteredClient {
  return Object.hasOwn(client, mark)
}

/** What {@link registerClient} would throw for a client whose properties are of the right kinds, as a list. */
export function clientProblems(client: Client): ConfigurationProblem[] {
  return findProblems(withDefaults(client))
}

function findProblems(client: RegisteredClient): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = []
  const report: Report = (path, message) => {
    problems.push({ subject: `client ${client.clientId}`, path, message })
  }
  for (const check of clientChecks) check(client, report)
  return problems
}

function withDefaults(client: Client): RegisteredClient {
  return { ...clientDefaults, ...publicDefaults(client), ...client }
}

/** A stolen refresh token of a client that cannot authenticate must not work twice. */
function publicDefaults(client: Client): Partial<Client> {
  const { requireClientSecret = !isBareImplicit(client) } = client
  return requireClientSecret ? {} : { requireClientSecret, refreshTokenUsage: 'oneTimeOnly' }
}

/** The implicit flow has no use for a secret: it was made for scripts, which cannot keep one. */
function isBareImplicit({ allowedGrantTypes, clientSecrets = [] }: Client): boolean {
  return (
    clientSecrets.length === 0 && [allowedGrantTypes].flat().every((grant) => grant === 'implicit')
  )
}
