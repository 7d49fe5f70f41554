import type { Client } from '../model/client.ts'
import { clientProblems } from '../model/register-client.ts'
import { type Findings, readValue } from './findings.ts'
import { inJson, readPath } from './property-name.ts'
import { schemas } from './registration-schema.ts'
import { reportGrants } from './report-grants.ts'
import type { Path } from './spelling.ts'
import { warnOfSecrets } from './warn-of-secrets.ts'
import { warnOfWildcards } from './warn-of-wildcards.ts'

/**
 * The client at a path of a configuration, without the defaults. What is wrong with it, and what about
 * it has no effect, goes to the findings.
 *
 * @param value with the properties' names as the schema has them
 * @param now milliseconds since the epoch
 * @returns undefined when something is wrong with it
 */
export function readClient(
  value: unknown,
  path: Path,
  findings: Findings,
  now: number,
): Client | undefined {
  const before = findings.problems.length
  const subject = subjectOfClient(value)
  const problem = (below: Path, message: string) =>
    findings.problem(subject, [...path, ...below], inJson(message))

  const { read, unread } = readValue(schemas.clients, value, problem)
  if (read === undefined) return undefined
  const client: Client = { clientId: '', allowedGrantTypes: [], ...read }
  for (const { path: place, message } of clientProblems(client)) {
    const below = readPath(place)
    // It cannot be read, which is said already.
    if (!unread.has(below[0] ?? '')) problem(below, message)
  }

  const { clientSecrets = [] } = client
  warnOfSecrets(clientSecrets, subject, [...path, 'clientSecrets'], findings, now)
  warnOfWildcards(client, subject, path, findings)
  reportGrants(client, subject, [...path, 'allowedGrantTypes'], findings)
  return findings.problems.length > before ? undefined : client
}

/** `client mvc`, or `client` alone when it has no id that can be read. */
export function subjectOfClient(value: unknown): string {
  const { clientId } = Object(value) as { clientId?: unknown }
  return typeof clientId === 'string' && clientId !== '' ? `client ${clientId}` : 'client'
}
