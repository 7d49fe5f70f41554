import type { RegisteredClient } from '../model/client.ts'
import type { ShownClient } from './interaction.ts'

/** What any page may say of a client: the rest of a registration is none of its business. */
export function describeClient({ clientId, clientName, clientUri }: RegisteredClient): ShownClient {
  return {
    clientId,
    ...(clientName !== undefined && { clientName }),
    ...(clientUri !== undefined && { clientUri }),
  }
}
