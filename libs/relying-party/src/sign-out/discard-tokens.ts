import type { Context } from '../context.ts'
import type { EndedSession } from '../sessions/session-endings.ts'
import { revokeRefreshToken } from '../tokens/revoke-refresh-token.ts'
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
    registered.length > 0
      ? registered
      : [() => revokeRefreshToken(context.provider, session.tokens)]
  await tellSignOutListeners({ ...context, signOutListeners }, session)
}
