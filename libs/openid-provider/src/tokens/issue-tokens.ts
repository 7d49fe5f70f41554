import type { TokenResponse } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import type { AuthorizedGrant } from '../grants/grant.ts'
import { createAccessToken } from './access-token.ts'
import { issueReferenceToken } from './reference-token.ts'
import { signAccessToken } from './sign-access-token.ts'

/**
 * Turns what was granted into tokens, without knowing which grant it was.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1 RFC 6749 §5.1}
 */
export async function issueTokens(
  grant: AuthorizedGrant,
  provider: Provider,
): Promise<TokenResponse> {
  const claims = createAccessToken(grant, provider)
  return {
    access_token:
      grant.client.accessTokenType === 'reference'
        ? await issueReferenceToken(claims, provider)
        : await signAccessToken(claims, grant.apis, provider),
    expires_in: grant.client.accessTokenLifetime,
    token_type: 'Bearer',
    scope: claims.scope,
  }
}
