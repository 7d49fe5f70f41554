import { discover } from './discovery.js'
import { settings } from './settings.js'

/**
 * What the UserInfo endpoint says about the user of the ID Token.
 *
 * @param {string} access_token
 * @param {string} sub Of the ID Token: who the answer must be about.
 * @returns {Promise<unknown>}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse OIDC Core §5.3.2}
 */
export async function fetchUserInfo(access_token, sub) {
  const { userinfo_endpoint } = await discover()
  const claims = await fetchWithToken(userinfo_endpoint, access_token)
  if (claims.sub !== sub) throw new Error('Userinfo is about someone else.')
  return claims
}

/**
 * What the API says.
 *
 * @param {string} access_token
 * @returns {Promise<unknown>}
 */
export function callApi(access_token) {
  return fetchWithToken(`${settings.api}/identity`, access_token)
}

/**
 * @param {string} url
 * @param {string} access_token
 * @returns {Promise<any>}
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750.html#section-2.1 RFC 6750 §2.1}
 */
async function fetchWithToken(url, access_token) {
  const headers = { Authorization: `Bearer ${access_token}` }
  const response = await fetch(url, { headers, cache: 'no-store' })
  if (!response.ok)
    throw new Error(`${response.status}: ${response.headers.get('WWW-Authenticate') ?? url}`)
  return response.json()
}
