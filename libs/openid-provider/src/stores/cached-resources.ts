import { type CacheOptions, cachedAnswers } from './cached-answers.ts'
import { findAmong } from './memory/in-memory-resources.ts'
import type { ResourceStore } from './resource-store.ts'

/**
 * A resource store in front of a slower one. It asks for all resources at once and looks them up
 * itself, since combinations of scopes are many and resources are few. What is changed there is seen
 * here up to `maxAge` later.
 */
export function cachedResources(
  store: ResourceStore,
  options: Pick<CacheOptions, 'maxAge' | 'now'> = {},
): ResourceStore {
  const answers = cachedAnswers<ResourceStore>(options)
  const all = () => answers('all', async () => findAmong(await store.getAllResources()))
  return {
    findResourcesByScope: async (names) => (await all()).findResourcesByScope(names),
    findApiResourceByName: async (name) => (await all()).findApiResourceByName(name),
    getAllResources: async () => (await all()).getAllResources(),
  }
}
