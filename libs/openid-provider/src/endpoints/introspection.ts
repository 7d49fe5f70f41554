import { OAuthError } from '@basics/protocol'

import {
  authenticateIntrospectionCaller,
  type IntrospectionCaller,
} from '../client-authentication/authenticate-introspection-caller.ts'
import type { Provider } from '../configuration.ts'
import type { ProtocolRequest } from '../protocol-endpoint.ts'
import { ProtocolResponse } from '../protocol-response.ts'
import { type AccessTokenClaims, readOwners } from '../tokens/access-token.ts'
import { readAccessToken } from '../tokens/read-access-token.ts'
import { findTokenParties } from '../tokens/token-parties.ts'

const jwtType = 'token-introspection+jwt'
const inactive = { active: false }

/**
 * An API asks what a token stands for, and whether it is still good. It learns of tokens for itself
 * alone, and of its own scopes alone; a client may ask about its own tokens. About any other token, and
 * one whose client or user is gone, the answer is that it is not active, without a reason.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7662.html#section-2 RFC 7662 §2}
 */
export async function introspectionEndpoint(
  request: ProtocolRequest,
  provider: Provider,
): Promise<object> {
  const caller = await authenticateIntrospectionCaller(request, provider)
  const { token } = request.parameters
  if (token === undefined) throw new OAuthError('invalid_request', 'token is missing')

  const claims = await readAccessToken(token, provider)
  const answer =
    claims === undefined
      ? await describeRefreshToken(token, caller, provider)
      : await describeAccessToken(claims, caller, provider)
  request.logLine.active = answer.active
  provider.events.raise('tokenIntrospected', { caller: caller.name, active: answer.active })
  return wantsJwt(request) ? sign(answer, caller, provider) : answer
}

async function describeAccessToken(
  claims: AccessTokenClaims,
  caller: IntrospectionCaller,
  provider: Provider,
) {
  const scope = selectScope(claims, caller)
  if (scope === undefined) return inactive
  const known = caller.kind === 'client' ? caller.client : undefined
  const parties = await findTokenParties(readOwners(claims), provider, known)
  if (parties === undefined) return inactive
  return { ...claims, scope, active: true, token_type: 'Bearer' }
}

/** As much of the token's scope as the caller may learn of, or undefined when the token is none of its business. */
function selectScope(
  { aud, client_id, scope }: AccessTokenClaims,
  caller: IntrospectionCaller,
): string | undefined {
  if (caller.kind === 'client') return client_id === caller.name ? scope : undefined
  const own = scope.split(' ').filter((name) => caller.scopes.includes(name))
  const isForCaller = [aud].flat().includes(caller.name)
  return isForCaller && own.length > 0 ? own.join(' ') : undefined
}

/** No API has anything to do with one. */
async function describeRefreshToken(
  token: string,
  caller: IntrospectionCaller,
  provider: Provider,
) {
  if (caller.kind !== 'client') return inactive
  const issued = await provider.refreshTokens.get(token)
  if (issued?.client_id !== caller.name) return inactive
  const owners = { client_id: caller.name, sub: issued.login.sub }
  if ((await findTokenParties(owners, provider, caller.client)) === undefined) return inactive
  return {
    active: true,
    iss: provider.issuer,
    ...owners,
    sid: issued.session_id,
    scope: issued.scope.join(' '),
    iat: Math.floor(issued.created / 1000),
    exp: issued.expires === undefined ? undefined : Math.floor(issued.expires / 1000),
  }
}

/** Asked for by name, and not with a quality of zero (RFC 9110 §12.4.2). */
function wantsJwt({ accept = '' }: ProtocolRequest): boolean {
  return accept.split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const isRefused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
    return type === `application/${jwtType}` && !isRefused
  })
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc9701.html#section-5 RFC 9701 §5} */
async function sign(
  token_introspection: { active: boolean },
  caller: IntrospectionCaller,
  { issuer, keys, now, options }: Provider,
): Promise<ProtocolResponse> {
  const key = keys.signingKey(options.introspectionSigningAlgorithm)
  const iat = Math.floor(now() / 1000)
  const jwt = await key.sign(jwtType, { iss: issuer, aud: caller.name, iat, token_introspection })
  return ProtocolResponse.jwt(`application/${jwtType}`, jwt)
}
