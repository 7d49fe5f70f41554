import { type Client, clientDefaults } from './client.ts'
import { ConfigurationError, type ConfigurationProblem } from './configuration-error.ts'

const kinds = new Map(
  Object.entries({ ...clientDefaults, allowedGrantTypes: [] }).map(([path, value]) => [
    path,
    kindOf(value),
  ]),
)

/**
 * Refuses a client whose properties are not of the kinds that TypeScript would have asked for: a
 * database's 0 where false is meant would enable a disabled client, and its null is no empty list.
 *
 * @throws {ConfigurationError} naming each such property, what it is and what is expected.
 */
export function requireClientKinds(client: Client): void {
  const problems: ConfigurationProblem[] = []
  for (const [path, value] of Object.entries(client)) {
    const kind = kindOf(value)
    const expected = kinds.get(path) ?? kind
    if (kind !== expected)
      problems.push({
        subject: `client ${client.clientId}`,
        path,
        message: `is ${kind}; expected is ${expected}, or no such property`,
      })
  }
  if (problems.length > 0) throw new ConfigurationError(problems)
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
