import type { FormParameters } from '@basics/protocol'

import type { BrowserRequest } from '../browser-endpoint.ts'
import { BrowserResponse } from '../browser-response.ts'
import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { logoutTime } from '../sessions/logout-request.ts'
import { tryToFindClient } from '../sessions/session-clients.ts'
import { type IdTokenHint, readIdTokenHint } from '../tokens/read-id-token-hint.ts'

/** Characters. */
const maximumState = 10_000

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
  const { id_token_hint, client_id } = request.parameters
  const hint =
    id_token_hint === undefined ? undefined : await readIdTokenHint(id_token_hint, provider)
  const isRefused = id_token_hint !== undefined && hint === undefined
  const client = isRefused ? undefined : await findClient(client_id, hint, provider)
  request.logLine.client_id = client?.clientId

  const wayBack = client && readWayBack(request.parameters, client)
  const logoutId = await provider.logoutRequests.issue(
    {
      clientId: client?.clientId,
      ...(client !== undefined && hint !== undefined && { hint }),
      ...(wayBack !== undefined && { postLogoutRedirectUri: wayBack }),
    },
    { expires: provider.now() + logoutTime },
  )
  return BrowserResponse.redirectHere(provider.pages.logout, { logoutId })
}

/** When both say who asks, they must say the same. */
async function findClient(
  client_id: string | undefined,
  hint: IdTokenHint | undefined,
  provider: Provider,
): Promise<RegisteredClient | undefined> {
  if (client_id !== undefined && hint !== undefined && client_id !== hint.client_id)
    return undefined
  return tryToFindClient(hint?.client_id ?? client_id, provider)
}

/** A registered URI with the client's `state`, unless that is longer than is kept for whoever asks. */
function readWayBack(
  { post_logout_redirect_uri, state }: FormParameters,
  { postLogoutRedirectUris }: RegisteredClient,
): string | undefined {
  const uri = postLogoutRedirectUris.find((registered) => registered === post_logout_redirect_uri)
  if (uri === undefined || state === undefined) return uri
  if (state.length > maximumState) return undefined
  return `${uri}${uri.includes('?') ? '&' : '?'}${new URLSearchParams({ state })}`
}
