import type { ApiResource, Resources } from '../model/resources.ts'

/** Where the engine finds scopes and APIs. Disabled ones are not returned. */
export interface ResourceStore {
  /**
   * The identity resources and API scopes of these names, and every API resource that has one of the
   * scopes. Unknown names are left out.
   */
  findResourcesByScope(names: readonly string[]): Resources | Promise<Resources>
  findApiResourceByName(name: string): ApiResource | undefined | Promise<ApiResource | undefined>
  /** Everything, for the discovery document. */
  getAllResources(): Resources | Promise<Resources>
}
