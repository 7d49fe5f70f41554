import { type ApiResource, type Resources, selectResources } from './model/resources.ts'
import { askStore } from './stores/ask-store.ts'
import type { ResourceStore } from './stores/resource-store.ts'

/** The host's resources as the engine sees them. */
export interface RegisteredResources {
  findResourcesByScope(names: readonly string[]): Promise<Resources>
  findApiResourceByName(name: string): Promise<ApiResource | undefined>
  getAllResources(): Promise<Resources>
}

/**
 * Takes of what a store answers no more than was asked for. Each look-up throws when the store fails,
 * takes too long or answers with something else than resources.
 *
 * @param timeout seconds that the store has for an answer
 */
export function registeredResources(store: ResourceStore, timeout: number): RegisteredResources {
  return {
    async findResourcesByScope(names) {
      const ask = () => store.findResourcesByScope(names)
      const resources = readResources(await askStore('findResourcesByScope', timeout, ask))
      // A scope that was not asked for would be granted without having been allowed.
      return selectResources(names, resources)
    },

    async findApiResourceByName(name) {
      const ask = () => store.findApiResourceByName(name)
      return readApiResource(await askStore('findApiResourceByName', timeout, ask), name)
    },

    getAllResources: async () =>
      readResources(await askStore('getAllResources', timeout, () => store.getAllResources())),
  }
}

function readResources(answer: unknown): Resources {
  const { identityResources, apiScopes, apiResources } = (answer ?? {}) as Partial<Resources>
  if (![identityResources, apiScopes, apiResources].every((each) => Array.isArray(each)))
    throw new Error('the resource store answered with no resources')
  return answer as Resources
}

function readApiResource(answer: unknown, name: string): ApiResource | undefined {
  if (answer === undefined) return undefined
  const api = (answer ?? {}) as Partial<ApiResource>
  if (api.name !== name || !Array.isArray(api.scopes))
    throw new Error('the resource store answered with another API, or with none')
  return answer as ApiResource
}
