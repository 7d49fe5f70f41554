import {
  type ClientStore,
  type ConfigurationProblem,
  inMemoryClients,
  inMemoryResources,
  type ResourceStore,
  type SqliteClients,
} from '@basics/openid-provider'
import { clientsFromConfiguration } from '@basics/openid-provider/configuration-file'

import { clients } from './clients/index.ts'
import { resources } from './resources.ts'

/** Whom the token service knows, and what they can ask for. */
export interface Registrations {
  readonly clients: ClientStore
  readonly resources: ResourceStore
  /** As a configuration file has it: absent, or empty to take it from each request. */
  readonly issuer?: string
}

/** Asked for the ids of a file one by one: there may be more of them than are worth reading. */
export type RegisteredByCommand = Pick<SqliteClients, 'get'>

/**
 * The registrations of this folder, and those of a configuration file beside them.
 *
 * @param json the text of the file, if there is one
 * @param registered by command: the file may not have their ids
 * @throws {ConfigurationError} listing every mistake, and names that are registered already
 */
export function createRegistrations(
  json?: string,
  registered?: RegisteredByCommand,
): Registrations & { readonly warnings: readonly ConfigurationProblem[] } {
  const whereRegistered = (clientId: string) =>
    registered?.get(clientId) && 'a client that was registered by command'
  const file =
    json === undefined ? nothing : clientsFromConfiguration(json, { besides, whereRegistered })
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
