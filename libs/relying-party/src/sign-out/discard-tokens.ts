import { tokenRevocation } from 'openid-client'

import type { Context } from '../context.ts'
import type { EndedSession } from '../sessions/session-endings.ts'
import { tellSignOutListeners } from './tell-sign-out-listeners.ts'

/**
 * Does with the tokens of a session that has ended, here or by the provider, what the app has registered for
 * that; when it has registered nothing, the refresh token is revoked: nobody is left here to use it. What
 * fails is logged.
 *
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#BCActions Back-Channel Logout §2.7}
 */
export async function discardTokens(context: Context, session: EndedSession): Promise<void> {
  const registered = context.signOutListeners
  const signOutListeners =
    registered.length > 0 ? registered : [() => revokeRefreshToken(context, session)]
  await tellSignOutListeners({ ...context, signOutListeners }, session)
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc7009.html#section-2.1 RFC 7009 §2.1} */
async function revokeRefreshToken(context: Context, { tokens }: EndedSession): Promise<void> {
  if (tokens.refresh_token === undefined) return
  const provider = await context.provider()
  if (provider.serverMetadata().revocation_endpoint === undefined) return
  await tokenRevocation(provider, tokens.refresh_token, { token_type_hint: 'refresh_token' })
}
