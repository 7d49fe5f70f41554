import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { describeClient } from './client-description.ts'
import { frontChannelLogoutPath, isToldByBrowser } from './front-channel-logout.ts'
import type { ToldClients } from './interaction.ts'
import type { LogoutRequest } from './logout-request.ts'
import { findClients } from './session-clients.ts'

/** What the page that confirms a logout says, and has the browser load: undefined until there was one. */
export async function describeToldClients(
  logoutId: string,
  { clientId: askedBy, sessionClients }: LogoutRequest,
  provider: Provider,
): Promise<ToldClients | undefined> {
  if (sessionClients === undefined) return undefined
  const clients = await findClients(sessionClients, provider)
  const isForBrowser = clients.some(isToldByBrowser)
  const notTold = clients.filter((client) => !isTold(client) && client.clientId !== askedBy)
  return {
    clients: clients.filter(isTold).map(describeClient),
    notTold: notTold.map(describeClient),
    iframePath: isForBrowser ? frontChannelLogoutPath(logoutId, provider) : undefined,
  }
}

function isTold(client: RegisteredClient): boolean {
  return isToldByBrowser(client) || client.backChannelLogoutUri !== undefined
}
