import type { Client } from '../model/client.ts'
import { GrantTypes } from '../model/grant-types.ts'
import { closestName } from './closest-name.ts'
import type { Findings } from './findings.ts'
import type { Path } from './spelling.ts'

const served = ['authorization_code', 'client_credentials', 'hybrid', 'implicit', 'refresh_token']

/** What code calls them: one may have been copied from there into the file. */
const namesInCode = new Map<string, readonly string[]>(
  Object.entries(GrantTypes).map(([name, grants]) => [name.toLowerCase(), grants]),
)

/**
 * Reports grants that are not served. A client that is left with another is served with that; one that is not
 * could not get a token.
 *
 * @param path of the list of grants
 */
export function reportGrants(
  { allowedGrantTypes: grants }: Client,
  subject: string,
  path: Path,
  findings: Findings,
): void {
  const isServed = grants.some((grant) => served.includes(grant))
  const report = isServed ? findings.warning : findings.problem
  const said = new Set(findings.problems.map((problem) => problem.path))
  for (const [index, grant] of grants.entries()) {
    const place = [...path, index]
    if (served.includes(grant) || said.has(findings.pathOf(place))) continue
    report(subject, place, `is '${grant}', a grant that is not served here; ${advise(grant)}`)
  }
}

function advise(grant: string): string {
  const [meant = closestName(grant, served), ...besides] =
    namesInCode.get(grant.toLowerCase().replace(/^granttypes\./, '')) ?? []
  if (meant === undefined) return `expected one of ${served.join(', ')}`
  return besides.length === 0
    ? `is ${meant} meant?`
    : `are ${[meant, ...besides].join(' and ')} meant?`
}
