import { isScopeValue } from '@basics/protocol'

import { ConfigurationError, type ConfigurationProblem } from './configuration-error.ts'
import type { Resources } from './resources.ts'
import { problemWithSecret } from './validate-secret.ts'

/**
 * Checks resources: names that are scope values and used once, and APIs whose scopes exist.
 *
 * @throws {ConfigurationError} naming the resource, the property and what is expected.
 */
export function registerResources(resources: Resources): Resources {
  const problems = [
    ...namesTwice(resources),
    ...unusableNames(resources),
    ...apiProblems(resources),
  ]
  if (problems.length > 0) throw new ConfigurationError(problems)
  return resources
}

/** Scopes and identity resources share one name space: both are asked for in `scope`. */
function* namesTwice({ identityResources, apiScopes, apiResources }: Resources) {
  yield* twice('scope', [...identityResources, ...apiScopes])
  yield* twice('API resource', apiResources)
}

function* twice(kind: string, named: readonly { name: string }[]): Generator<ConfigurationProblem> {
  const seen = new Set<string>()
  for (const { name } of named) {
    if (seen.has(name))
      yield { subject: `${kind} ${name}`, path: 'name', message: 'is used a second time' }
    seen.add(name)
  }
}

function* unusableNames(resources: Resources): Generator<ConfigurationProblem> {
  const { identityResources, apiScopes, apiResources } = resources
  for (const { name } of [...identityResources, ...apiScopes, ...apiResources]) {
    const subject = `resource ${name}`
    if (!isScopeValue(name))
      yield { subject, path: 'name', message: 'has a space, a quote, a backslash or nothing in it' }
    if (name === 'offline_access')
      yield { subject, path: 'name', message: 'is reserved for refresh tokens' }
  }
}

function* apiProblems({ apiScopes, apiResources }: Resources): Generator<ConfigurationProblem> {
  const known = new Set(apiScopes.map(({ name }) => name))
  for (const { name, scopes, apiSecrets = [] } of apiResources) {
    const subject = `API resource ${name}`
    for (const [index, scope] of scopes.entries())
      if (!known.has(scope))
        yield { subject, path: `scopes[${index}]`, message: `is '${scope}', which is no API scope` }
    for (const [index, secret] of apiSecrets.entries()) {
      const message = problemWithSecret(secret)
      if (message !== undefined) yield { subject, path: `apiSecrets[${index}]`, message }
    }
  }
}
