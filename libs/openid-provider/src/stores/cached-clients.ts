import type { Client } from '../model/client.ts'
import { type CacheOptions, cachedAnswers } from './cached-answers.ts'
import type { ClientStore } from './client-store.ts'

/**
 * A client store in front of a slower one. What is changed there, also that a client is disabled or a
 * secret replaced, is seen here up to `maxAge` later, and a new client up to `missMaxAge` later.
 */
export function cachedClients(store: ClientStore, options: CacheOptions = {}): ClientStore {
  const clients = cachedAnswers<Client | undefined>(options)
  const origins = cachedAnswers<boolean>(options)
  return {
    findClientById: (clientId) => clients(clientId, () => store.findClientById(clientId)),
    isCorsOriginAllowed: (origin) => origins(origin, () => store.isCorsOriginAllowed(origin)),
  }
}
