import { registerResources } from '../../model/register-resources.ts'
import type { ApiResource, Resources } from '../../model/resources.ts'
import type { ResourceStore } from '../resource-store.ts'

/**
 * Scopes and APIs defined in code.
 *
 * @throws {ConfigurationError} listing every mistake.
 */
export function inMemoryResources(resources: Resources): ResourceStore {
  return findAmong(enabledOf(registerResources(resources)))
}

/** Looks resources up that are known to be in order and enabled. */
export function findAmong(all: Resources): ResourceStore {
  const identityResources = byName(all.identityResources)
  const apiScopes = byName(all.apiScopes)
  const apiResources = byName(all.apiResources)
  const apisOfScope = Map.groupBy(
    all.apiResources.flatMap((api) => api.scopes.map((scope) => ({ scope, api }))),
    ({ scope }) => scope,
  )

  const apisOf = (name: string): ApiResource[] => apisOfScope.get(name)?.map(({ api }) => api) ?? []

  return {
    findResourcesByScope: (names) => ({
      identityResources: names.flatMap((name) => identityResources.get(name) ?? []),
      apiScopes: names.flatMap((name) => apiScopes.get(name) ?? []),
      apiResources: [...new Set(names.flatMap(apisOf))],
    }),
    findApiResourceByName: (name) => apiResources.get(name),
    getAllResources: () => all,
  }
}

function enabledOf({ identityResources, apiScopes, apiResources }: Resources): Resources {
  return {
    identityResources: identityResources.filter(isEnabled),
    apiScopes: apiScopes.filter(isEnabled),
    apiResources: apiResources.filter(isEnabled),
  }
}

function isEnabled({ enabled }: { enabled?: boolean }): boolean {
  return enabled !== false
}

function byName<R extends { name: string }>(resources: readonly R[]): Map<string, R> {
  return new Map(resources.map((resource) => [resource.name, resource]))
}
