import { randomUUID } from 'node:crypto'

import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { LoginSession } from '../sessions/login-session.ts'

/** Seconds, the longest that the specification recommends. */
const lifetime = 120

/** What makes a JWT a logout token: the one member of its `events`. */
const backChannelLogoutEvent = 'http://schemas.openid.net/event/backchannel-logout'

/**
 * Signs a logout token, by the key that signs ID Tokens: the client is told which session has ended, and whose.
 * Always which one: by the user alone, a token that comes late would end sessions that began since. It
 * never has a `nonce`, which would make it pass for an ID Token.
 *
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#LogoutToken Back-Channel Logout §2.4}
 */
export async function signLogoutToken(
  { clientId }: RegisteredClient,
  { sub, sid }: Pick<LoginSession, 'sub' | 'sid'>,
  { issuer, keys, options, now }: Pick<Provider, 'issuer' | 'keys' | 'options' | 'now'>,
): Promise<string> {
  const iat = Math.floor(now() / 1000)
  return keys.signingKey(options.identityTokenSigningAlgorithm).sign('logout+jwt', {
    iss: issuer,
    aud: clientId,
    iat,
    exp: iat + lifetime,
    jti: randomUUID(),
    events: { [backChannelLogoutEvent]: {} },
    sub,
    sid,
  })
}
