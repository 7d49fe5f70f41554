import { OAuthError } from '@basics/protocol'

import { authenticateClient } from '../client-authentication/authenticate-client.ts'
import type { Provider } from '../configuration.ts'
import { revokeGrant } from '../grants/revoke-grant.ts'
import { findSpentHandle } from '../grants/spent-handles.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { ProtocolRequest } from '../protocol-endpoint.ts'
import { ProtocolResponse } from '../protocol-response.ts'
import { hashHandle } from '../stores/handles.ts'
import type { Store, StoredRecord } from '../stores/store.ts'
import { isJwt, readAccessToken } from '../tokens/read-access-token.ts'
import { revokeJwt } from '../tokens/revoked-jwt.ts'

/**
 * A client gives back a token it no longer needs. A token that is unknown, expired or revoked already
 * is as gone as the client wants it to be; with a refresh token that was used goes what came of it.
 * `token_type_hint` is not needed: every kind is looked for.
 *
 * @throws {OAuthError} `invalid_grant` for another client's token; `unsupported_token_type` for a JWT without a
 *   `jti`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7009.html#section-2 RFC 7009 §2}
 */
export async function revocationEndpoint(
  request: ProtocolRequest,
  provider: Provider,
): Promise<object> {
  const client = await authenticateClient(request, provider)
  const { token } = request.parameters
  if (token === undefined) throw new OAuthError('invalid_request', 'token is missing')
  const isDone =
    (await revokeRefreshToken(token, client, provider)) ||
    (await revokeAccessToken(token, client, provider))
  if (isDone) provider.events.raise('tokenRevoked', { client_id: client.clientId })
  return ProtocolResponse.empty
}

/**
 * With a refresh token goes everything that came of the same grant (RFC 7009 §2.1), also when it was used
 * in the meantime: the client may be refreshing in one place while it signs out in another.
 */
async function revokeRefreshToken(
  token: string,
  client: RegisteredClient,
  { store, now }: Provider,
): Promise<boolean> {
  // As it is stored, so that a revocation that was broken off is finished.
  const stored = await store.get('refresh_token', hashHandle(token))
  const record = stored ?? (await findSpentRefreshToken(token, store))
  if (record === undefined) return false
  const { client_id, grant_id = '', expires: lastExpiry } = record
  requireOwn(client_id, client)
  await revokeGrant({ grant_id, lastExpiry, client }, { store, now })
  return true
}

/** A code is no token: one that was used is as unknown here as any other (RFC 7009 §2.1). */
async function findSpentRefreshToken(
  token: string,
  store: Store,
): Promise<StoredRecord | undefined> {
  const spent = await findSpentHandle(token, store)
  return spent?.data.name === 'refresh_token' ? spent : undefined
}

async function revokeAccessToken(
  token: string,
  client: RegisteredClient,
  provider: Provider,
): Promise<boolean> {
  const claims = await readAccessToken(token, provider)
  if (claims === undefined) return false
  requireOwn(claims.client_id, client)
  if (!isJwt(token)) await provider.referenceTokens.remove(token)
  else if (!(await revokeJwt(claims, provider)))
    throw new OAuthError('unsupported_token_type', 'a JWT without a jti is valid until it expires')
  return true
}

/** Another client's token is refused, and the client is told (RFC 7009 §2.1). */
function requireOwn(client_id: string | undefined, { clientId }: RegisteredClient): void {
  if (client_id !== clientId)
    throw new OAuthError('invalid_grant', 'the token was issued to another client')
}
