import type { BrowserRequest } from '../browser-endpoint.ts'
import { BrowserResponse } from '../browser-response.ts'
import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { logoutTime } from '../sessions/logout-request.ts'
import { type IdTokenHint, readIdTokenHint } from '../tokens/read-id-token-hint.ts'

/**
 * A client asks that the user be signed out here too. The user is asked first, unless an ID Token of
 * this very session shows that the client may ask. Whatever is wrong with the request, the user wanted
 * out: they get to the logout page, and only the way back to the client is lost.
 *
 * @see {@link https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout RP-Initiated Logout §2}
 */
export async function endSessionEndpoint(
  request: BrowserRequest,
  provider: Provider,
): Promise<BrowserResponse> {
  const { id_token_hint, client_id, post_logout_redirect_uri, state } = request.parameters
  const hint =
    id_token_hint === undefined ? undefined : await readIdTokenHint(id_token_hint, provider)
  const isRefused = id_token_hint !== undefined && hint === undefined
  const client = isRefused ? undefined : await findClient(client_id, hint, provider)
  request.logLine.client_id = client?.clientId

  const returnsTo = client && registeredUri(post_logout_redirect_uri, client)
  const logoutId = await provider.logoutRequests.issue(
    {
      clientId: client?.clientId,
      ...(client !== undefined && hint !== undefined && { hint }),
      ...(returnsTo !== undefined && { postLogoutRedirectUri: withState(returnsTo, state) }),
    },
    { expires: provider.now() + logoutTime },
  )
  return BrowserResponse.redirectHere(provider.pages.logout, { logoutId })
}

/** When both say who asks, they must say the same. */
async function findClient(
  client_id: string | undefined,
  hint: IdTokenHint | undefined,
  { clients }: Provider,
): Promise<RegisteredClient | undefined> {
  if (client_id !== undefined && hint !== undefined && client_id !== hint.client_id)
    return undefined
  const id = hint?.client_id ?? client_id
  return id === undefined ? undefined : clients.findClientById(id)
}

function registeredUri(
  uri: string | undefined,
  { postLogoutRedirectUris }: RegisteredClient,
): string | undefined {
  return postLogoutRedirectUris.find((registered) => registered === uri)
}

function withState(uri: string, state: string | undefined): string {
  if (state === undefined) return uri
  return `${uri}${uri.includes('?') ? '&' : '?'}${new URLSearchParams({ state })}`
}
