import type { Logger } from './logger.ts'
import type { Client, RegisteredClient } from './model/client.ts'
import { ConfigurationError } from './model/configuration-error.ts'
import { isRegistered, registerClient } from './model/register-client.ts'
import type { ProviderEventEmitter } from './provider-events.ts'
import { askStore } from './stores/ask-store.ts'
import type { ClientStore } from './stores/client-store.ts'

/** The host's clients as the engine sees them: enabled, complete and checked. */
export interface RegisteredClients {
  /**
   * Undefined for a client that is unknown, disabled, or registered with a mistake.
   *
   * @throws {Error} when the store fails, takes too long or answers with something else than a client.
   */
  findClientById(clientId: string): Promise<RegisteredClient | undefined>
  /** @throws {Error} as `findClientById` does. */
  isCorsOriginAllowed(origin: string): Promise<boolean>
}

/** What {@link registeredClients} tells of, and how long it waits. */
export interface ClientSupervision {
  readonly events: ProviderEventEmitter
  readonly logger: Logger
  /** Seconds that the store has for an answer. */
  readonly timeout: number
}

const maximumClientId = 100

/**
 * Checks each client a store returns, once per object, unless the store has done it itself: one that keeps
 * its clients in memory costs one check a client. One with a mistake is not served, and an event tells the host.
 */
export function registeredClients(
  store: ClientStore,
  { events, logger, timeout }: ClientSupervision,
): RegisteredClients {
  const checked = new WeakMap<Client, RegisteredClient | 'refused'>()

  function checkOnce(client: Client): RegisteredClient | 'refused' {
    const registered = check(client)
    checked.set(client, registered)
    return registered
  }

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
      const ask = () => store.findClientById(clientId)
      const client = readClient(await askStore('findClientById', timeout, ask), clientId)
      if (client === undefined || client.enabled === false) return undefined
      if (isRegistered(client)) return client
      const known = checked.get(client) ?? checkOnce(client)
      return known === 'refused' ? undefined : known
    },

    async isCorsOriginAllowed(origin) {
      const ask = () => store.isCorsOriginAllowed(origin)
      const allowed = await askStore('isCorsOriginAllowed', timeout, ask)
      if (typeof allowed !== 'boolean')
        throw new Error('the client store answered isCorsOriginAllowed with no boolean')
      return allowed
    },
  }
}

/** Nobody may authenticate as one client and be taken for another. */
function readClient(answer: unknown, clientId: string): Client | undefined {
  if (answer === undefined) return undefined
  // What it inherits is not copied with it, and is not its own registration.
  if (typeof answer !== 'object' || answer === null || !Object.hasOwn(answer, 'clientId'))
    throw new Error('the client store answered with neither a client nor undefined')
  const client = answer as Client
  if (client.clientId !== clientId)
    throw new Error('the client store answered with a client of another id')
  return client
}
