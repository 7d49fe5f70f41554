import type { ClientStore } from './client-store.ts'

/**
 * Several stores as one. Of a client id that two of them have, the first store's client counts: what is
 * registered in code cannot be replaced by an entry in a database.
 */
export function combinedClients(...stores: readonly ClientStore[]): ClientStore {
  return {
    async findClientById(clientId) {
      for (const store of stores) {
        const client = await store.findClientById(clientId)
        if (client !== undefined) return client
      }
      return undefined
    },

    async isCorsOriginAllowed(origin) {
      for (const store of stores) if (await store.isCorsOriginAllowed(origin)) return true
      return false
    },
  }
}
