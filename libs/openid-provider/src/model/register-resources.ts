import { isScopeValue } from '@basics/protocol'

import { signingAlgorithms } from '../keys/signing-algorithms.ts'
import { ConfigurationError, type ConfigurationProblem } from './configuration-error.ts'
import type { ApiResource, Resources } from './resources.ts'
import { problemWithSecret } from './validate-secret.ts'

/** A problem, and the resource that has it: the list, and the place in it. */
export interface ResourceProblem extends ConfigurationProblem {
  readonly list: keyof Resources
  readonly index: number
}

/**
 * Checks resources: names that are scope values and used once, and APIs whose scopes exist and whose
 * tokens can be signed.
 *
 * @throws {ConfigurationError} naming the resource, the property and what is expected.
 */
export function registerResources(resources: Resources): Resources {
  const problems = [...resourceProblems(resources)]
  if (problems.length > 0) throw new ConfigurationError(problems)
  return resources
}

const noResources: Resources = { identityResources: [], apiScopes: [], apiResources: [] }

/** @param besides resources that are registered already, and in order */
export function* resourceProblems(
  resources: Resources,
  besides: Resources = noResources,
): Generator<ResourceProblem> {
  const scopes = ['identityResources', 'apiScopes'] as const
  yield* namesTwice('scope', scopes, resources, besides)
  yield* namesTwice('API resource', ['apiResources'], resources, besides)
  yield* unusableNames(resources)
  yield* apiProblems(resources, besides)
}

/** Scopes and identity resources share one name space: both are asked for in `scope`. */
function* namesTwice(
  kind: string,
  lists: readonly (keyof Resources)[],
  resources: Resources,
  besides: Resources,
): Generator<ResourceProblem> {
  const seen = new Set(lists.flatMap((list) => besides[list].map(({ name }) => name)))
  for (const list of lists)
    for (const [index, { name }] of resources[list].entries()) {
      const subject = `${kind} ${name}`
      if (seen.has(name))
        yield { list, index, subject, path: 'name', message: 'is used a second time' }
      seen.add(name)
    }
}

function* unusableNames(resources: Resources): Generator<ResourceProblem> {
  for (const list of ['identityResources', 'apiScopes', 'apiResources'] as const)
    for (const [index, { name }] of resources[list].entries()) {
      const at = { list, index, subject: `resource ${name}`, path: 'name' }
      if (!isScopeValue(name))
        yield { ...at, message: 'has a space, a quote, a backslash or nothing in it' }
      if (name === 'offline_access') yield { ...at, message: 'is reserved for refresh tokens' }
    }
}

function* apiProblems(resources: Resources, besides: Resources): Generator<ResourceProblem> {
  const known = new Set([...besides.apiScopes, ...resources.apiScopes].map(({ name }) => name))
  for (const [index, api] of resources.apiResources.entries()) {
    const at = { list: 'apiResources' as const, index, subject: `API resource ${api.name}` }
    for (const [place, scope] of api.scopes.entries())
      if (!known.has(scope))
        yield { ...at, path: `scopes[${place}]`, message: `is '${scope}', which is no API scope` }
    for (const [place, secret] of (api.apiSecrets ?? []).entries()) {
      const message = problemWithSecret(secret)
      if (message !== undefined) yield { ...at, path: `apiSecrets[${place}]`, message }
    }
    for (const [path, message] of algorithmProblems(api)) yield { ...at, path, message }
  }
}

/** An API that takes no signature made here would make every request for its tokens fail. */
function* algorithmProblems(api: ApiResource): Generator<[path: string, message: string]> {
  const { allowedAccessTokenSigningAlgorithms: allowed = [] } = api
  for (const [place, algorithm] of allowed.entries())
    if (!Object.hasOwn(signingAlgorithms, algorithm))
      yield [
        `allowedAccessTokenSigningAlgorithms[${place}]`,
        `is '${algorithm}'; expected one of ${Object.keys(signingAlgorithms).join(', ')}`,
      ]
}
