import { decodeJwt } from 'jose'
import { authorizationCodeGrant, useCodeIdTokenResponseType } from 'openid-client'

import { ProblemError } from '../problems/problem.ts'
import { untrusted } from '../problems/read-problem.ts'
import type { AuthorizationResponse } from './authorization-response.ts'
import { readForm } from './read-form.ts'

/**
 * A code and an ID Token at once (the hybrid flow), in a form that the provider's page sends by itself.
 * Legacy: the ID Token was there to bind the code to this sign-in, by `c_hash` and `nonce`. PKCE does that
 * without showing the browser who signs in.
 *
 * openid-client validates the ID Token before it redeems the code: signature, `iss`, `aud`, `azp`, `exp`,
 * `nonce` and that `c_hash` is of this code. That both ID Tokens are about the same user is for us to check.
 *
 * The form comes from another site, so the cookie of the attempt has to be `SameSite=None`, which browsers
 * accept with https alone. On http this works only where both are on one site, as on localhost.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#HybridFlowAuth OIDC Core §3.3}
 * @see {@link https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html#FormPostResponseMode Form Post Response Mode §2}
 */
export function codeIdTokenByFormPost(): AuthorizationResponse {
  return {
    parameters: { response_type: 'code id_token', response_mode: 'form_post' },
    isCrossSitePost: true,
    prepare: useCodeIdTokenResponseType,
    read: readForm,

    redeem(parameters, redirectUri, checks, provider) {
      // Where openid-client looks for the parameters of a hybrid flow, whatever way they came.
      const url = new URL(redirectUri)
      url.hash = parameters.toString()
      return authorizationCodeGrant(provider, url, checks)
    },

    validate(parameters, response) {
      requireSameUser(parameters.get('id_token') ?? '', response.claims()?.sub)
    },
  }
}

/**
 * @param id_token Of the form, and validated by now. The issuers are the same because each is ours.
 * @param sub The user of the token response.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#HybridIDToken2 OIDC Core §3.3.3.6}
 */
function requireSameUser(id_token: string, sub: string | undefined): void {
  if (decodeJwt(id_token).sub !== sub)
    throw new ProblemError({ ...untrusted, detail: '"sub" differs between the two ID Tokens' })
}
