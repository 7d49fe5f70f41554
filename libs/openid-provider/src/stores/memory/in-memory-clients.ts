import type { Client } from '../../model/client.ts'
import { ConfigurationError, type ConfigurationProblem } from '../../model/configuration-error.ts'
import { registerClient } from '../../model/register-client.ts'
import type { ClientStore } from '../client-store.ts'

/**
 * Clients defined in code.
 *
 * @throws {ConfigurationError} listing every mistake of every client, and client ids used twice.
 */
export function inMemoryClients(clients: readonly Client[]): ClientStore {
  const byId = new Map<string, Client>()
  const origins = new Set<string>()
  const problems: ConfigurationProblem[] = []
  for (const client of clients) {
    const subject = `client ${client.clientId}`
    if (byId.has(client.clientId))
      problems.push({ subject, path: 'clientId', message: 'is used by another client too' })
    try {
      byId.set(client.clientId, registerClient(client))
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error
      problems.push(...error.problems)
    }
    if (client.enabled !== false)
      for (const origin of client.allowedCorsOrigins ?? []) origins.add(origin)
  }
  if (problems.length > 0) throw new ConfigurationError(problems)
  return {
    findClientById: (clientId) => byId.get(clientId),
    isCorsOriginAllowed: (origin) => origins.has(origin),
  }
}
