import type { Provider } from '../configuration.ts'
import type { AccessTokenClaims } from './access-token.ts'

/** What a reference stands for. */
export interface ReferenceToken {
  readonly claims: AccessTokenClaims
}

/**
 * Keeps an access token and issues a reference to it: an API has to ask what it stands for, and it can
 * be revoked at once.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-1.4 RFC 6749 §1.4}
 */
export async function issueReferenceToken(
  claims: AccessTokenClaims,
  grant_id: string | undefined,
  { referenceTokens }: Provider,
): Promise<string> {
  const { client_id, sub, sid, exp } = claims
  return referenceTokens.issue(
    { claims },
    {
      client_id,
      subject: sub,
      session_id: typeof sid === 'string' ? sid : undefined,
      grant_id,
      expires: exp * 1000,
    },
  )
}
