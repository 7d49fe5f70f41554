import { resourceProblems } from '../model/register-resources.ts'
import type { ApiResource, ApiScope, IdentityResource, Resources } from '../model/resources.ts'
import { type Findings, readValue } from './findings.ts'
import { inJson, readPath } from './property-name.ts'
import { schemas } from './registration-schema.ts'
import type { Path } from './spelling.ts'
import { warnOfSecrets } from './warn-of-secrets.ts'

/** The lists of a configuration, each item with its properties' names as the schema has them. */
export type Lists = Readonly<Record<keyof Resources, readonly unknown[]>>

/**
 * The scopes and APIs of a configuration. What is wrong with them goes to the findings.
 *
 * @param besides resources that are registered already
 * @param now milliseconds since the epoch
 */
export function readResources(
  lists: Lists,
  besides: Resources,
  findings: Findings,
  now: number,
): Resources {
  const resources: Resources = {
    identityResources: lists.identityResources.map((item, index) => {
      const read = readItem('identityResources', item, index, findings)
      return { name: '', userClaims: [], ...read } satisfies IdentityResource
    }),
    apiScopes: lists.apiScopes.map((item, index) => {
      const read = readItem('apiScopes', item, index, findings)
      return { name: '', ...read } satisfies ApiScope
    }),
    apiResources: lists.apiResources.map((item, index) => {
      const read = readItem('apiResources', item, index, findings)
      return { name: '', scopes: [], ...read } satisfies ApiResource
    }),
  }
  reportProblems(resources, besides, findings)
  for (const [index, { name, apiSecrets = [] }] of resources.apiResources.entries()) {
    const path = ['apiResources', index, 'apiSecrets']
    warnOfSecrets(apiSecrets, `API resource ${name}`, path, findings, now)
  }
  return resources
}

function readItem<List extends keyof Resources>(
  list: List,
  item: unknown,
  index: number,
  findings: Findings,
) {
  const subject = subjectOfResource(list, item)
  const report = (below: Path, message: string) =>
    findings.problem(subject, [list, index, ...below], message)
  return readValue(schemas[list], item, report).read
}

const kinds = {
  identityResources: 'identity resource',
  apiScopes: 'API scope',
  apiResources: 'API resource',
}

/** `API scope scope1`, or `API scope` alone when it has no name that can be read. */
export function subjectOfResource(list: keyof Resources, value: unknown): string {
  const { name } = Object(value) as { name?: unknown }
  return typeof name === 'string' && name !== '' ? `${kinds[list]} ${name}` : kinds[list]
}

/** Those of the checks of {@link resourceProblems} that find something which could be read. */
function reportProblems(resources: Resources, besides: Resources, findings: Findings): void {
  const reported = new Set(findings.problems.map(({ path }) => path))
  for (const { list, index, path, message } of resourceProblems(resources, besides)) {
    const subject = subjectOfResource(list, resources[list][index])
    const place = [list, index, ...readPath(path)]
    const unread = [place.slice(0, 2), place.slice(0, 3), place].map(findings.pathOf)
    if (!unread.some((each) => reported.has(each)))
      findings.problem(subject, place, inJson(message))
  }
}
