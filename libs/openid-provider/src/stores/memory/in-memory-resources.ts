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
  const apisOfScope = byScope(all.apiResources)

  return {
    findResourcesByScope: (names) => ({
      identityResources: pick(names, identityResources),
      apiScopes: pick(names, apiScopes),
      apiResources: pickApis(names, apisOfScope),
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

function byScope(apis: readonly ApiResource[]): Map<string, readonly ApiResource[]> {
  const pairs = apis.flatMap((api) => api.scopes.map((name) => ({ name, api })))
  const groups = Map.groupBy(pairs, ({ name }) => name)
  return new Map([...groups].map(([name, group]) => [name, group.map(({ api }) => api)]))
}

function pick<T>(names: readonly string[], from: ReadonlyMap<string, T>): T[] {
  const picked: T[] = []
  for (const name of names) {
    const found = from.get(name)
    if (found !== undefined) picked.push(found)
  }
  return picked
}

/** Each once, whatever it has of the scopes. */
function pickApis(
  names: readonly string[],
  from: ReadonlyMap<string, readonly ApiResource[]>,
): ApiResource[] {
  const picked = new Set<ApiResource>()
  for (const name of names) for (const api of from.get(name) ?? []) picked.add(api)
  return [...picked]
}

function byName<R extends { name: string }>(resources: readonly R[]): Map<string, R> {
  return new Map(resources.map((resource) => [resource.name, resource]))
}
