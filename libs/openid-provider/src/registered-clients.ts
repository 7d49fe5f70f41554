import type { Logger } from './logger.ts'
import type { Client, RegisteredClient } from './model/client.ts'
import { ConfigurationError } from './model/configuration-error.ts'
import { registerClient } from './model/register-client.ts'
import type { ProviderEventEmitter } from './provider-events.ts'
import type { ClientStore } from './stores/client-store.ts'

/** The host's clients as the engine sees them: enabled, complete and checked. */
export interface RegisteredClients {
  /** Undefined for a client that is unknown, disabled, or registered with a mistake. */
  findClientById(clientId: string): Promise<RegisteredClient | undefined>
  isCorsOriginAllowed(origin: string): Promise<boolean>
}

const maximumClientId = 100

/**
 * Checks each client a store returns, once per object: a store that keeps its clients in memory costs
 * one check a client. One with a mistake is not served, and an event tells the host.
 */
export function registeredClients(
  store: ClientStore,
  events: ProviderEventEmitter,
  logger: Logger,
): RegisteredClients {
  const checked = new WeakMap<Client, RegisteredClient | 'refused'>()

  function check(client: Client): RegisteredClient | 'refused' {
    try {
      return registerClient(client)
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error
      const fields = { client_id: client.clientId, problems: error.message }
      logger.error(fields, 'a client is registered with a mistake and is not served')
      events.raise('invalidClientConfiguration', fields)
      return 'refused'
    }
  }

  return {
    async findClientById(clientId) {
      if (clientId.length > maximumClientId) return undefined
      const client = await store.findClientById(clientId)
      if (client === undefined || client.enabled === false) return undefined
      const known = checked.get(client) ?? check(client)
      checked.set(client, known)
      return known === 'refused' ? undefined : known
    },
    isCorsOriginAllowed: async (origin) => store.isCorsOriginAllowed(origin),
  }
}
