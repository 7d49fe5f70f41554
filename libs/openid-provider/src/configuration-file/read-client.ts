import type { Client } from '../model/client.ts'
import { clientProblems } from '../model/register-client.ts'
import { closestName } from './closest-name.ts'
import { type Findings, readValue } from './findings.ts'
import { inJson, readPath } from './property-name.ts'
import { schemas } from './registration-schema.ts'
import type { Path } from './spelling.ts'
import { warnOfSecrets } from './warn-of-secrets.ts'

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
  reportGrants(client, subject, [...path, 'allowedGrantTypes'], findings)
  return findings.problems.length > before ? undefined : client
}

/** `client mvc`, or `client` alone when it has no id that can be read. */
export function subjectOfClient(value: unknown): string {
  const { clientId } = Object(value) as { clientId?: unknown }
  return typeof clientId === 'string' && clientId !== '' ? `client ${clientId}` : 'client'
}

const served = ['authorization_code', 'client_credentials', 'hybrid', 'implicit', 'refresh_token']

/** A client that is left with a grant is served with that; one that is not could not get a token. */
function reportGrants(client: Client, subject: string, path: Path, findings: Findings): void {
  const { allowedGrantTypes: grants } = client
  const isServed = grants.some((grant) => served.includes(grant))
  const report = isServed ? findings.warning : findings.problem
  const said = new Set(findings.problems.map((problem) => problem.path))
  for (const [index, grant] of grants.entries()) {
    const place = [...path, index]
    if (served.includes(grant) || said.has(findings.pathOf(place))) continue
    const meant = closestName(grant, served)
    const question = meant === undefined ? '' : `; is ${meant} meant?`
    report(subject, place, `is '${grant}', a grant that is not served here${question}`)
  }
}
