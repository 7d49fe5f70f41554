import type { RelyingParty } from '@basics/relying-party'
import { tokenRevocation } from 'openid-client'

import { publish } from '../events.ts'
import { readTokenRequestError } from '../token-request-error.ts'

/**
 * Gives a refresh token back, so that nobody who may have copied it can use it. Does nothing at a token
 * service without a revocation endpoint.
 *
 * @param session Its `id`, for the event.
 * @throws {TokenRequestError}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7009.html#section-2.1 RFC 7009 §2.1}
 */
export async function revokeRefreshToken(
  login: RelyingParty,
  session: string,
  refresh_token: string,
): Promise<void> {
  const { clientId: client, issuer } = login
  try {
    const provider = await login.provider()
    if (provider.serverMetadata().revocation_endpoint === undefined) return
    await tokenRevocation(provider, refresh_token, { token_type_hint: 'refresh_token' })
  } catch (error) {
    const failure = `the refresh token of "${client}" is not revoked at ${issuer}`
    throw await readTokenRequestError(error, failure)
  }
  publish('revoked', { client, session })
}
