import { type Configuration, tokenRevocation } from 'openid-client'

import type { Tokens } from './tokens.ts'

/**
 * Gives the refresh token back, if there is one and the provider takes it.
 *
 * @throws {ProviderUnavailable} or the errors of openid-client.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7009.html#section-2.1 RFC 7009 §2.1}
 */
export async function revokeRefreshToken(
  discover: () => Promise<Configuration>,
  { refresh_token }: Pick<Tokens, 'refresh_token'>,
): Promise<void> {
  if (refresh_token === undefined) return
  const provider = await discover()
  if (provider.serverMetadata().revocation_endpoint === undefined) return
  await tokenRevocation(provider, refresh_token, { token_type_hint: 'refresh_token' })
}
