import { authorizationCodeGrant } from 'openid-client'

import type { AuthorizationResponse } from './authorization-response.ts'

/**
 * A code in the query of the redirect URI. The browser learns nothing else: who the user is and all tokens
 * come by the back channel.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthResponse OIDC Core §3.1.2.5}
 */
export function codeByQuery(): AuthorizationResponse {
  return {
    parameters: {},
    isCrossSitePost: false,
    prepare() {},

    /** Of the request only the query: its Host is whatever the sender wrote there. */
    async read(req) {
      const query = req.originalUrl.indexOf('?')
      const isRedirect = ['GET', 'HEAD'].includes(req.method)
      return new URLSearchParams(isRedirect && query !== -1 ? req.originalUrl.slice(query) : '')
    },

    redeem(parameters, redirectUri, checks, provider) {
      const url = new URL(redirectUri)
      url.search = parameters.toString()
      return authorizationCodeGrant(provider, url, checks)
    },

    validate() {},
  }
}
