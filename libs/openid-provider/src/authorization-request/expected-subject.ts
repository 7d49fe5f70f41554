import { AuthorizationError, type FormParameters } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import { readIdTokenHint } from '../tokens/read-id-token-hint.ts'
import type { ClaimsRequest } from './claims.ts'

/**
 * The user whom the client expects to be signed in, if it says so.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthRequestValidation OIDC Core §3.1.2.2}, item 4
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#IndividualClaimsRequests OIDC Core §5.5.1}
 */
export async function readExpectedSubject(
  { id_token_hint }: FormParameters,
  claims: ClaimsRequest | undefined,
  provider: Provider,
): Promise<string | undefined> {
  const sub = readRequestedSubject(claims)
  if (id_token_hint === undefined) return sub

  const hint = await readIdTokenHint(id_token_hint, provider)
  if (hint === undefined)
    throw new AuthorizationError('invalid_request', 'id_token_hint is no ID Token of this issuer')
  if (sub !== undefined && sub !== hint.sub)
    throw new AuthorizationError('invalid_request', 'id_token_hint and claims name different users')
  return hint.sub
}

/** One user can be expected, not one of several. */
function readRequestedSubject(claims: ClaimsRequest | undefined): string | undefined {
  const { value, values } = claims?.id_token?.sub ?? {}
  if (values !== undefined || (value !== undefined && typeof value !== 'string'))
    throw new AuthorizationError('invalid_request', 'claims asks for sub with other than one value')
  return value
}
