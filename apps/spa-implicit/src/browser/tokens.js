import { discover } from './discovery.js'

/**
 * @typedef {object} TokenResponse
 * @property {string} access_token
 * @property {string} token_type
 * @property {number} expires_in Seconds.
 * @property {string} [refresh_token]
 * @property {string} [id_token]
 * @property {string} [scope]
 */

/** What the token endpoint refused, with its error code as the name of the reason. */
export class TokenError extends Error {
  /** @param {{ error?: string, error_description?: string }} body */
  constructor({ error = 'unknown', error_description = 'the token service does not say why' }) {
    super(`${error}: ${error_description}`)
    this.code = error
  }
}

/**
 * Asks the token endpoint for tokens. A public client has no secret: it says who it is, and proves nothing.
 *
 * @param {string} client_id
 * @param {Record<string, string>} grant
 * @returns {Promise<TokenResponse>}
 * @throws {TokenError} when it is refused.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2.1 RFC 6749 §3.2.1}
 */
export async function requestTokens(client_id, grant) {
  const { token_endpoint } = await discover()
  const body = new URLSearchParams({ client_id, ...grant })
  const response = await fetch(token_endpoint, { method: 'POST', body })
  const answer = await response.json()
  if (!response.ok) throw new TokenError(answer)
  return answer
}

/**
 * Makes a refresh token worthless, and with it what it was renewed from.
 *
 * @param {string} client_id
 * @param {string} refresh_token
 * @see {@link https://www.rfc-editor.org/rfc/rfc7009.html#section-2.1 RFC 7009 §2.1}
 */
export async function revokeRefreshToken(client_id, refresh_token) {
  const { revocation_endpoint } = await discover()
  const hint = { token: refresh_token, token_type_hint: 'refresh_token' }
  const body = new URLSearchParams({ client_id, ...hint })
  const response = await fetch(revocation_endpoint, { method: 'POST', body })
  if (!response.ok) throw new TokenError(await response.json())
}
