import { createRemoteJWKSet } from '/jose/jwks/remote.js'
import { jwtVerify } from '/jose/jwt/verify.js'
import * as base64url from '/jose/util/base64url.js'
import { JWTClaimValidationFailed } from '/jose/util/errors.js'
import { discover } from './discovery.js'

/** Seconds by which the clocks of the browser and of the token service may differ. */
const clockSkew = 60

/** @type {ReturnType<typeof createRemoteJWKSet> | undefined} */
let keys

/**
 * Validates an ID Token in the page: signature, `iss`, `aud`, `azp`, `exp` and `nonce`.
 *
 * @param {string} id_token
 * @param {{ clientId: string, nonce?: string }} expected Without `nonce` when there was no new sign-in.
 * @returns {Promise<import('/jose/types.js').JWTPayload & { sub: string }>} Its claims.
 * @throws {Error} the errors of jose, or a sentence.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ImplicitIDTValidation OIDC Core §3.2.2.11}
 */
export async function validateIdToken(id_token, { clientId, nonce }) {
  const { issuer, jwks_uri } = await discover()
  keys ??= createRemoteJWKSet(new URL(jwks_uri))
  const { payload } = await jwtVerify(id_token, keys, {
    issuer,
    audience: clientId,
    // What this client is registered for. The token's header must not choose.
    algorithms: ['RS256'],
    requiredClaims: ['sub', 'exp', 'iat'],
    clockTolerance: clockSkew,
  })
  const { sub = '', aud, azp } = payload
  if ((Array.isArray(aud) && aud.length > 1) || azp !== undefined)
    if (azp !== clientId) {
      const message = 'The ID Token was issued to another client.'
      throw new JWTClaimValidationFailed(message, payload, 'azp')
    }
  if (nonce !== undefined && payload.nonce !== nonce)
    throw new Error('The nonce of the ID Token is not that of this sign-in.')
  return { ...payload, sub }
}

/**
 * Checks that the access token is the one that the ID Token was issued with. From the front channel it has
 * to be: anyone may have put another one into the address.
 *
 * @param {string} access_token
 * @param {import('/jose/types.js').JWTPayload} claims Of the ID Token, which is signed with RS256.
 * @throws {Error} a sentence.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ImplicitTokenValidation OIDC Core §3.2.2.9}
 */
export async function validateAccessTokenHash(access_token, { at_hash }) {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(access_token))
  const leftHalf = new Uint8Array(digest).subarray(0, 16)
  if (at_hash !== base64url.encode(leftHalf))
    throw new Error('The access token is not the one that the ID Token was issued with.')
}
