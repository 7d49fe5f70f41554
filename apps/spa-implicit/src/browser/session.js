import { JWTClaimValidationFailed } from '/jose/util/errors.js'
import { validateIdToken } from './id-token.js'
import { requestTokens, TokenError } from './tokens.js'

/** The session cannot go on: only a new sign-in brings other tokens. */
export class SessionEnded extends Error {}

/** Milliseconds before its end at which an access token is renewed. */
const renewBefore = 60_000

/**
 * Who is signed in, with tokens that renew themselves. All of it is in the memory of this page: a storage of
 * the browser would hand the refresh token to every script that ever runs on this origin, and keep it when
 * the user has left. A reload forgets it, and signing in again needs no password as long as the token
 * service remembers the user.
 *
 * Each renewal brings a new refresh token and spends the old one. Sent twice, it would look stolen, and the
 * token service would end it all: so there is one renewal at a time, and all who need it wait for that one.
 *
 * @param {string} clientId
 * @param {import('./tokens.js').TokenResponse & { id_token: string }} issued
 * @param {string} sub Who signed in.
 * @param {(accessToken: { expiresAt: number, renewals: number, scope: string | undefined }) => void} onTokens
 *   Told of each access token, the first included. `expiresAt` is in milliseconds.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.14.2 RFC 9700 §4.14.2}
 */
export function createSession(clientId, issued, sub, onTokens) {
  /** @type {import('./tokens.js').TokenResponse} */
  let tokens = issued
  let expiresAt = 0
  let renewals = -1
  /** @type {Promise<void> | undefined} */
  let pending
  keep(issued)

  /** @param {import('./tokens.js').TokenResponse} renewed What it leaves out stays as it is. */
  function keep(renewed) {
    tokens = { ...tokens, ...renewed }
    expiresAt = Date.now() + tokens.expires_in * 1000
    renewals += 1
    onTokens({ expiresAt, renewals, scope: tokens.scope })
  }

  /** @param {string} refresh_token */
  async function renew(refresh_token) {
    const grant = { grant_type: 'refresh_token', refresh_token }
    const renewed = await requestTokens(clientId, grant).catch(requireAnotherTry)
    // The old one is spent, also if the rest cannot be checked for want of the token service's keys.
    tokens = { ...tokens, refresh_token: renewed.refresh_token ?? refresh_token }
    if (renewed.id_token !== undefined) await requireSameUser(renewed.id_token)
    keep(renewed)
  }

  /**
   * @param {string} id_token
   * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse OIDC Core §12.2}
   */
  async function requireSameUser(id_token) {
    const claims = await validateIdToken(id_token, { clientId }).catch(refuseForeign)
    if (claims.sub !== sub) throw new SessionEnded('The renewed tokens are about someone else.')
  }

  return {
    sub,
    id_token: issued.id_token,

    /** The access token, a new one if it ends soon. */
    async readAccessToken() {
      const { refresh_token } = tokens
      if (Date.now() >= expiresAt - renewBefore && refresh_token !== undefined) {
        pending ??= renew(refresh_token).finally(() => {
          pending = undefined
        })
        await pending
      }
      return tokens.access_token
    },

    /** The refresh token, to be made worthless now. A renewal under way is waited for: it brings another. */
    async end() {
      await pending?.catch(() => {})
      return tokens.refresh_token
    },
  }
}

/**
 * Passes on what may be better the next time. A refresh token that is refused has expired, was taken back, or
 * was used by somebody else.
 *
 * @param {unknown} error
 * @returns {never}
 */
function requireAnotherTry(error) {
  if (error instanceof TokenError && error.code === 'invalid_grant')
    throw new SessionEnded(error.message)
  throw error
}

/**
 * Passes on what may be better the next time, such as keys that cannot be had, or are not those of before. What
 * the token service says to another client, or another one says, is nothing to go on with.
 *
 * @param {unknown} error
 * @returns {never}
 */
function refuseForeign(error) {
  if (error instanceof JWTClaimValidationFailed && ['iss', 'aud', 'azp'].includes(error.claim))
    throw new SessionEnded(`The renewed tokens are not for this page: ${error.message}`)
  throw error
}
