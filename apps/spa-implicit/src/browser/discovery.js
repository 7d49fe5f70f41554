import { settings } from './settings.js'

/**
 * @typedef {object} ProviderMetadata What is used of the discovery document.
 * @property {string} issuer
 * @property {string} authorization_endpoint
 * @property {string} token_endpoint
 * @property {string} userinfo_endpoint
 * @property {string} revocation_endpoint
 * @property {string} end_session_endpoint
 * @property {string} jwks_uri
 * @property {string} [check_session_iframe]
 */

/** @type {Promise<ProviderMetadata> | undefined} */
let known

/**
 * The provider as it describes itself. It is asked once; when that fails, the next call asks again.
 *
 * @returns {Promise<ProviderMetadata>}
 * @see {@link https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation OIDC Discovery §4.3}
 */
export function discover() {
  known ??= fetchMetadata().catch((error) => {
    known = undefined
    throw error
  })
  return known
}

/** @returns {Promise<ProviderMetadata>} */
async function fetchMetadata() {
  const base = settings.issuer.replace(/\/$/, '')
  const response = await fetch(`${base}/.well-known/openid-configuration`)
  if (!response.ok) throw new Error(`the token service answered with ${response.status}`)
  const metadata = await response.json()
  if (metadata.issuer !== settings.issuer) throw new Error('the token service has another issuer')
  return metadata
}
