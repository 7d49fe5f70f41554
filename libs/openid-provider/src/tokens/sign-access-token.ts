import { OAuthError } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import type { SigningAlgorithmName } from '../keys/signing-algorithms.ts'
import type { ApiResource } from '../model/resources.ts'
import type { AccessTokenClaims } from './access-token.ts'

/**
 * Signs an access token as a JWT, which an API can check by itself with the published keys.
 *
 * @throws {OAuthError} `invalid_target` when the APIs it is for verify no algorithm in common.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9068.html#section-2.1 RFC 9068 §2.1}
 */
export async function signAccessToken(
  claims: AccessTokenClaims,
  apis: readonly ApiResource[],
  provider: Provider,
): Promise<string> {
  const key = provider.keys.signingKey(selectAlgorithm(apis, provider))
  const { emitScopesAsArray } = provider.options
  return key.sign('at+jwt', emitScopesAsArray ? withScopeArray(claims) : claims)
}

/** The configured algorithm, unless an API asks for another that the key ring has. */
function selectAlgorithm(
  apis: readonly ApiResource[],
  { keys, options }: Provider,
): SigningAlgorithmName {
  const isVerified = (alg: SigningAlgorithmName) =>
    apis.every(
      ({ allowedAccessTokenSigningAlgorithms: allowed = [] }) =>
        allowed.length === 0 || allowed.includes(alg),
    )
  const preferred = options.accessTokenSigningAlgorithm
  const selected = isVerified(preferred) ? preferred : keys.algorithms.find(isVerified)
  if (selected === undefined)
    throw new OAuthError('invalid_target', 'the APIs verify no signing algorithm in common')
  return selected
}

function withScopeArray(claims: AccessTokenClaims): object {
  return { ...claims, scope: claims.scope.split(' ') }
}
