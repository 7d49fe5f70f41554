import {
  type ClientStore,
  type ConfigurationProblem,
  clientsFromConfiguration,
  inMemoryClients,
  inMemoryResources,
  type ResourceStore,
} from '@basics/openid-provider'

import { clients } from './clients/index.ts'
import { resources } from './resources.ts'

/** Whom the token service knows, and what they can ask for. */
export interface Registrations {
  readonly clients: ClientStore
  readonly resources: ResourceStore
  /** As a configuration file has it: absent, or empty to take it from each request. */
  readonly issuer?: string
}

/**
 * The registrations of this folder, and those of a configuration file beside them.
 *
 * @param json the text of the file, if there is one
 * @throws {ConfigurationError} listing every mistake, and names that the registrations here have
 */
export function createRegistrations(
  json?: string,
): Registrations & { readonly warnings: readonly ConfigurationProblem[] } {
  const file = json === undefined ? nothing : clientsFromConfiguration(json, { besides })
  return {
    ...(file.issuer !== undefined && { issuer: file.issuer }),
    clients: inMemoryClients([...clients, ...file.clients]),
    resources: inMemoryResources({
      identityResources: [...resources.identityResources, ...file.resources.identityResources],
      apiScopes: [...resources.apiScopes, ...file.resources.apiScopes],
      apiResources: [...resources.apiResources, ...file.resources.apiResources],
    }),
    warnings: file.warnings,
  }
}

const besides = { clients, resources }

const nothing: ReturnType<typeof clientsFromConfiguration> = {
  clients: [],
  resources: { identityResources: [], apiScopes: [], apiResources: [] },
  warnings: [],
}
