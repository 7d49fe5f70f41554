import { AuthorizationError, OAuthError } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import type { AuthorizedGrant, UserAuthorization } from '../grants/grant.ts'
import { grantResources } from '../grants/grant-resources.ts'
import { rememberOutlivingToken } from '../grants/outliving-token.ts'
import { selectResources } from '../model/resources.ts'
import type { User } from '../model/user.ts'
import { describeLogin } from '../sessions/login-session.ts'
import { issueAccessToken } from '../tokens/issue-tokens.ts'
import { selectGrantedClaims } from './granted-claims.ts'
import type { Authorization } from './issue-authorization-response.ts'

/** What tokens in an authorization response are issued for; always by a user. */
export interface FrontChannelGrant extends AuthorizedGrant {
  readonly authorization: UserAuthorization
}

/**
 * What the user granted, in the form that token issuance takes. There is no offline access in it: a
 * refresh token MUST NOT be issued through the browser.
 *
 * @param grant_id shared with the code, if one is issued
 * @throws {AuthorizationError} `invalid_target`, `access_denied`
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.2.2 RFC 6749 §4.2.2}
 */
export async function createFrontChannelGrant(
  granted: Authorization,
  grant_id: string,
  provider: Provider,
): Promise<FrontChannelGrant> {
  const { authorization, session, scope } = granted
  const { client, resource, nonce } = authorization
  const user = await requireUser(session.sub, provider)
  const resources = await provider.resources.findResourcesByScope(client.allowedScopes)
  const claims = selectGrantedClaims(authorization, scope)
  return {
    client,
    resources,
    ...(await orInvalidTarget(() =>
      grantResources(scope, selectResources(scope, resources), resource),
    )),
    authorization: {
      grant_id,
      user,
      login: describeLogin(session),
      ...(nonce !== undefined && { nonce }),
      ...(claims !== undefined && { claims }),
    },
  }
}

/**
 * Issues the access token that goes through the browser, as its parameters in the response.
 *
 * @throws {AuthorizationError} `invalid_target` when the APIs it is for verify no algorithm in common
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.2.2 RFC 6749 §4.2.2}
 */
export async function issueFrontChannelToken(
  grant: FrontChannelGrant,
  { grantType }: { readonly grantType: string },
  provider: Provider,
): Promise<{ access_token: string; token_type: string; expires_in: string; scope: string }> {
  const { client, authorization } = grant
  const { grant_id, user } = authorization
  // All that is stored beside it is a code, if that, and a code ends sooner.
  await rememberOutlivingToken({ subject: user.sub, grant_id }, client, provider)
  const access_token = await orInvalidTarget(() => issueAccessToken(grant, provider))
  const scope = grant.scope.join(' ')
  provider.events.raise('tokenIssued', {
    client_id: client.clientId,
    grant_type: grantType,
    scope,
    grant_id,
  })
  return { access_token, token_type: 'Bearer', expires_in: `${client.accessTokenLifetime}`, scope }
}

/** They were there when the request was read, a moment ago. */
async function requireUser(sub: string, { users }: Provider): Promise<User> {
  const user = await users.findUserBySub(sub)
  if (user === undefined || user.active === false)
    throw new AuthorizationError('access_denied', 'the user can no longer sign in')
  return user
}

/** What the token endpoint would answer is, here, the authorization endpoint's to say. */
async function orInvalidTarget<T>(step: () => T | Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    if (error instanceof OAuthError) throw new AuthorizationError('invalid_target', error.message)
    throw error
  }
}
