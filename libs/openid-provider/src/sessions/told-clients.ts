import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { frontChannelLogoutPath, isToldByBrowser } from './front-channel-logout.ts'
import type { ToldClients } from './interaction.ts'
import { findClients } from './session-clients.ts'

/**
 * What the page that confirms a logout says, and has the browser load.
 *
 * @param told ids of the clients that learn of it
 */
export async function describeToldClients(
  logoutId: string,
  told: readonly string[],
  provider: Provider,
): Promise<ToldClients> {
  const clients = await findClients(told, provider)
  const isForBrowser = clients.some(isToldByBrowser)
  return {
    clients: clients.map(describeClient),
    iframePath: isForBrowser ? frontChannelLogoutPath(logoutId, provider) : undefined,
  }
}

/** No more than a page shows: the rest of a registration is none of its business. */
function describeClient({ clientId, clientName, clientUri }: RegisteredClient) {
  return {
    clientId,
    ...(clientName !== undefined && { clientName }),
    ...(clientUri !== undefined && { clientUri }),
  }
}
