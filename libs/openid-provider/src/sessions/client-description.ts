import type { RegisteredClient } from '../model/client.ts'

/** What any page may say of a client: the rest of a registration is none of its business. */
export function describeClient({
  clientId,
  clientName,
  clientUri,
}: RegisteredClient): Pick<RegisteredClient, 'clientId' | 'clientName' | 'clientUri'> {
  return {
    clientId,
    ...(clientName !== undefined && { clientName }),
    ...(clientUri !== undefined && { clientUri }),
  }
}
